package io.vertxraft.spi;

import io.vertx.core.VertxException;
import java.util.Set;
import java.util.TreeSet;

/** Durable storage failed or refused. The message names the place, the nature and the remedy. */
public final class StorageException extends VertxException {
  private static final long serialVersionUID = 1L;

  /** What kind of trouble it is, and so what helps. */
  public enum Kind {
    /** The directory belongs to another cluster or node, or its group has other voters. */
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

  /**
   * A group was created with other voters than it is opened with: two lists with a majority each
   * that have no member in common would lose what was acknowledged.
   *
   * @param group the group, and where it is stored
   * @param known the voters it was created with
   * @param given those it is opened with
   */
  public static StorageException otherVoters(String group, Set<String> known, Set<String> given) {
    return new StorageException(
        Kind.WRONG_OWNER,
        ("%s was created with the members %s and cannot be opened with %s, since majorities of two"
                + " lists may have no member in common: give every member the list it was created"
                + " with, or start a new group in empty directories")
            .formatted(group, new TreeSet<>(known), new TreeSet<>(given)));
  }

  /** What kind of trouble it is. */
  public Kind kind() {
    return kind;
  }
}
