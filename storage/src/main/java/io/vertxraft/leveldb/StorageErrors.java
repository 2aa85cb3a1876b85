package io.vertxraft.leveldb;

import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Turns what LevelDB and the operating system throw into a {@link StorageException} with a remedy.
 */
final class StorageErrors {
  /** What to do about damage that leaves it open what the member has promised. */
  static final String REMEDY =
      "Nothing was removed. Keep the directory for analysis; do not edit it or copy an old state"
          + " back, for the member could then vote twice in a term. Remove the member from the"
          + " group and add it again under a new node id with an empty directory";

  /** What becomes of damage that leaves term and vote certain. */
  static final String DAMAGED =
      "Acknowledged entries may be missing. The member keeps its term and vote, votes for nobody and"
          + " counts for nothing until the leader has given it the entries anew; check the disk";

  /** How LevelDB says that a file it wrote is gone or too short to be mapped. */
  private static final String MISSING =
      "(?s).*(no such file or directory|does not exist|invalid argument|not an sstable).*";

  private StorageErrors() {}

  static StorageException corrupt(Path directory, String nature) {
    return corrupt(directory, nature, null);
  }

  static StorageException corrupt(Path directory, String nature, Throwable cause) {
    return new StorageException(
        Kind.CORRUPT,
        "storage directory '%s' is damaged: %s. %s.".formatted(directory, nature, REMEDY),
        cause);
  }

  /** Damage that was met after the storage was opened. */
  static StorageException corruptWhileOpen(Path directory, String nature) {
    return new StorageException(
        Kind.CORRUPT,
        ("storage directory '%s' is damaged: %s. Nothing was removed. Check the disk and start the"
                + " process again: the member then opens what is whole and is given the rest")
            .formatted(directory, nature));
  }

  /** Neither the database nor the watermark is certain of term and vote. */
  static StorageException lostMeta(Path directory, String nature) {
    return new StorageException(
        Kind.CORRUPT,
        ("storage directory '%s' is damaged: %s. Its term and vote are not certain any more (lost"
                + " meta), so that the member might vote twice. %s.")
            .formatted(directory, nature, REMEDY));
  }

  static StorageException closed(Path directory) {
    return new StorageException(Kind.CLOSED, "storage '%s' is closed".formatted(directory));
  }

  static StorageException unsupported(Path directory, Throwable cause) {
    return new StorageException(
        Kind.UNSUPPORTED_PLATFORM,
        ("storage '%s': no LevelDB library for %s on %s could be loaded (%s). On arm64 put a"
                + " drop-in build of leveldbjni-all that has this platform in the place of version"
                + " 1.8; on Alpine use an image with glibc; if the directory it is unpacked to is"
                + " mounted noexec, set nativeLibraryDirectory, or -Dlibrary.leveldbjni.path, to one"
                + " that is not.")
            .formatted(
                directory, System.getProperty("os.name"), System.getProperty("os.arch"), cause),
        cause);
  }

  /**
   * Classifies a failure.
   *
   * @param what what was being done, as the start of a sentence
   */
  static StorageException of(Path directory, String what, Throwable cause) {
    if (cause instanceof StorageException known) {
      return known;
    }
    if (cause instanceof UnsatisfiedLinkError) {
      return unsupported(directory, cause);
    }
    String text = text(cause);
    if (isLevelDb(cause) && text.contains("lock") && text.contains("temporarily unavailable")) {
      return OwnerLock.locked(directory, cause);
    }
    if (text.contains("corruption") || (isLevelDb(cause) && text.matches(MISSING))) {
      return corrupt(directory, what + " met " + cause, cause);
    }
    boolean full = text.contains("no space left") || text.contains("quota exceeded");
    return new StorageException(
        full ? Kind.DISK_FULL : Kind.IO_ERROR,
        "%s in storage directory '%s' failed: %s. %s."
            .formatted(
                what,
                directory,
                cause,
                full
                    ? "Free some space and start the member again"
                    : "Check the disk and the system log, then start the member again"),
        cause);
  }

  private static boolean isLevelDb(Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at.getClass().getName().contains("DBException")) {
        return true;
      }
    }
    return false;
  }

  private static String text(Throwable cause) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = cause; at != null && text.length() < 4_096; at = at.getCause()) {
      text.append(at.getMessage()).append('\n');
    }
    return text.toString().toLowerCase(Locale.ROOT);
  }
}
