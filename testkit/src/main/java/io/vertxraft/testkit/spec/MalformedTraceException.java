package io.vertxraft.testkit.spec;

/** A line is not a line of a protocol trace. The message names the line and the field. */
public final class MalformedTraceException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final long line;

  /**
   * Creates the exception.
   *
   * @param line number of the line, from 1
   * @param detail what is wrong with it
   * @param cause what was thrown, or null
   */
  public MalformedTraceException(long line, String detail, Throwable cause) {
    super("line " + line + " is no trace event: " + detail, cause);
    this.line = line;
  }

  /** Number of the line, from 1. */
  public long line() {
    return line;
  }
}
