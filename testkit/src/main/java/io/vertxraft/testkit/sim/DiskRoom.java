package io.vertxraft.testkit.sim;

import io.vertxraft.spi.Room;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;

/** How many bytes of changes a disk still takes. */
final class DiskRoom {
  /** Below this many free bytes the disk is low on room. */
  static final long LOW_BYTES = 1024 * 1024;

  private final String disk;
  private long freeBytes = Long.MAX_VALUE;

  DiskRoom(String disk) {
    this.disk = disk;
  }

  long freeBytes() {
    return freeBytes;
  }

  /** Returns whether the disk has become low on room, or is so no longer. */
  boolean set(long bytes) {
    boolean wasLow = isLow();
    freeBytes = bytes;
    return wasLow != isLow();
  }

  /** As {@link #set} after {@code bytes} were written; a negative number was given back. */
  boolean use(long bytes) {
    return freeBytes != Long.MAX_VALUE && set(freeBytes - bytes);
  }

  boolean isLow() {
    return freeBytes < LOW_BYTES;
  }

  Room room() {
    String reason = "disk '%s' has %d bytes free: free some space".formatted(disk, freeBytes);
    return isLow() ? new Room(true, freeBytes, reason) : new Room(false, freeBytes, "");
  }

  StorageException refusal() {
    return new StorageException(
        Kind.DISK_FULL,
        "disk '%s' has %d bytes free, nothing was written: free some space"
            .formatted(disk, freeBytes));
  }
}
