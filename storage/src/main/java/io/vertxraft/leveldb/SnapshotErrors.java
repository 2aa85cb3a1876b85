package io.vertxraft.leveldb;

import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Trouble with snapshots: what it is, which file, and what helps. */
final class SnapshotErrors {
  private SnapshotErrors() {}

  /** Published content that is not what it should be. */
  static StorageException corrupt(Path file, String nature) {
    return new StorageException(
        Kind.CORRUPT,
        ("snapshot file '%s' is damaged: %s. Nothing was removed. An older snapshot and the log take"
                + " its place, or the leader sends one; check the disk")
            .formatted(file, nature));
  }

  /** What arrived from a peer is not what its manifest says. */
  static StorageException corruptDraft(Path file, String nature) {
    return new StorageException(
        Kind.CORRUPT,
        ("received snapshot file '%s' is not what its manifest says: %s. It is received again; if that"
                + " does not help, check the disks of both members and the network between them")
            .formatted(file, nature));
  }

  /** There is too little room. */
  static StorageException full(Path directory, String nature) {
    return new StorageException(
        Kind.DISK_FULL,
        ("snapshot directory '%s': %s. The log is not concerned; free some space, or keep fewer"
                + " snapshots, and the next attempt succeeds")
            .formatted(directory, nature));
  }

  /**
   * Classifies what was thrown.
   *
   * @param what what was being done, as the start of a sentence
   * @param directory where
   */
  static StorageException of(String what, Path directory, Throwable cause) {
    if (cause instanceof StorageException known) {
      return known;
    }
    String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    boolean full = reason.contains("no space left") || reason.contains("quota exceeded");
    return new StorageException(
        full ? Kind.DISK_FULL : Kind.IO_ERROR,
        "%s in '%s' failed: %s. The log is not concerned. %s."
            .formatted(
                what,
                directory,
                cause,
                full
                    ? "Free some space, and the next attempt succeeds"
                    : "Check the disk and the system log; the next attempt starts afresh"),
        cause);
  }

  /** Whether the disk itself could not read, which trying again seldom helps. */
  static boolean isMedium(IOException cause) {
    return String.valueOf(cause.getMessage())
        .toLowerCase(Locale.ROOT)
        .contains("input/output error");
  }
}
