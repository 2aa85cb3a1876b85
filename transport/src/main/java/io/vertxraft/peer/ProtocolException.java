package io.vertxraft.peer;

/**
 * A peer's message is not well formed: it cannot be parsed, breaks a rule that every sender keeps,
 * or carries a damaged entry. The message is dropped; the connection stays.
 */
public final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; {@code message} names the offending field and its value. */
  public ProtocolException(String message) {
    this(message, null);
  }

  /** Creates the exception; it has no stack trace, because the fault is not in this process. */
  public ProtocolException(String message, Throwable cause) {
    super(message, cause, false, false);
  }
}
