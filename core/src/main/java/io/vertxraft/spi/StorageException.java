package io.vertxraft.spi;

import io.vertx.core.VertxException;

/** Durable storage failed or refused. The message names the place, the nature and the remedy. */
public final class StorageException extends VertxException {
  private static final long serialVersionUID = 1L;

  /** What kind of trouble it is, and so what helps. */
  public enum Kind {
    /** The directory belongs to another cluster or node. */
    WRONG_OWNER,
    /** Another process, or another storage of this process, has the directory open. */
    LOCKED,
    /** Stored data is damaged: an entry cannot be read, or term and vote are not certain. */
    CORRUPT,
    /** The operating system refused a read or write. */
    IO_ERROR,
    /** Too little space is left, so nothing was written. */
    DISK_FULL,
    /** The storage was closed, or failed earlier. */
    CLOSED,
    /** The platform has no usable native library. */
    UNSUPPORTED_PLATFORM
  }

  private final Kind kind;

  /** Creates the exception without a cause. */
  public StorageException(Kind kind, String message) {
    this(kind, message, null);
  }

  /** Creates the exception. */
  public StorageException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What kind of trouble it is. */
  public Kind kind() {
    return kind;
  }
}
