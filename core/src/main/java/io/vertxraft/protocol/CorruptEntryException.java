package io.vertxraft.protocol;

/** The bytes at hand are not the entry they claim to be: wrong format, length or checksum. */
public final class CorruptEntryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; {@code message} names the offending field and its value. */
  public CorruptEntryException(String message) {
    super(message);
  }
}
