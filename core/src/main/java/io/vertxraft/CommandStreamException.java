package io.vertxraft;

import io.vertx.core.VertxException;

/**
 * A {@link CommandStream} has ended because one of its commands failed. {@link #getCause()} says
 * why: mostly a {@link RaftException}, which tells whether the command is certainly not in the log.
 */
public final class CommandStreamException extends VertxException {
  private static final long serialVersionUID = 1L;

  private final long commandNumber;
  private final long sentAfter;

  /**
   * Creates the exception.
   *
   * @param commandNumber see {@link #commandNumber()}
   * @param sentAfter see {@link #sentAfter()}
   * @param cause why the command failed
   */
  public CommandStreamException(long commandNumber, long sentAfter, Throwable cause) {
    super(
        "command %d of the stream failed, the %d before it were applied%s, nothing more is sent: %s"
            .formatted(
                commandNumber,
                commandNumber - 1,
                sentAfter == 0 ? "" : ", %d after it had been sent already".formatted(sentAfter),
                cause.getMessage()),
        cause,
        true);
    this.commandNumber = commandNumber;
    this.sentAfter = sentAfter;
  }

  /** Which command failed; the first one written to the stream is number 1. */
  public long commandNumber() {
    return commandNumber;
  }

  /** How many commands were applied and answered before it: all that were written before it. */
  public long appliedBefore() {
    return commandNumber - 1;
  }

  /**
   * How many commands had been sent after it before its failure was known. They may have been
   * applied; the future of each write tells.
   */
  public long sentAfter() {
    return sentAfter;
  }
}
