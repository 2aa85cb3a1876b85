package io.vertxraft;

import io.vertx.core.VertxException;

/**
 * A value could not be turned into bytes, or bytes not into a value. The message says which, where,
 * and whether the command was applied.
 */
public final class CodecException extends VertxException {
  private static final long serialVersionUID = 1L;

  private final boolean applied;

  /**
   * Creates the exception.
   *
   * @param message what could not be turned into what
   * @param applied see {@link #isApplied()}
   * @param cause what the codec threw, or null if that was elsewhere
   */
  public CodecException(String message, boolean applied, Throwable cause) {
    super(message, cause, true);
    this.applied = applied;
  }

  /** Whether the state machine has applied the command; if not, it never will. */
  public boolean isApplied() {
    return applied;
  }
}
