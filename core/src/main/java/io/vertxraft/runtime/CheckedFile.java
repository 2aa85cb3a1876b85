package io.vertxraft.runtime;

import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.StorageException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One reading of a file of a snapshot, from its beginning on. What is read is hashed on the way, so
 * that a file that was read to its end is known to be what the manifest says. Confined to the state
 * machine's context.
 */
final class CheckedFile {
  private final SnapshotFile file;
  private final long lastIndex;
  private final MessageDigest digest;
  private long offset;
  private boolean over;

  /**
   * A reading that has not begun.
   *
   * @param lastIndex where the snapshot ends
   */
  CheckedFile(SnapshotFile file, long lastIndex) {
    this(file, lastIndex, sha256(), 0);
  }

  private CheckedFile(SnapshotFile file, long lastIndex, MessageDigest digest, long offset) {
    this.file = file;
    this.lastIndex = lastIndex;
    this.digest = digest;
    this.offset = offset;
  }

  String name() {
    return file.name();
  }

  /** Where to read on. */
  long offset() {
    return offset;
  }

  boolean isAtEnd() {
    return offset == file.bytes();
  }

  /** Whether some of the file has been given out, and it is not known yet whether that is right. */
  boolean isUnproven() {
    return offset > 0 && !isAtEnd();
  }

  /** Takes this over, from where it is: what still arrives for this one is refused. */
  CheckedFile rest() {
    over = true;
    return new CheckedFile(file, lastIndex, digest, offset);
  }

  /**
   * The next piece, which nobody may see before this returns.
   *
   * @throws StorageException if the file ends here, or should not, and is not what it should be
   */
  void take(Buffer piece) {
    if (over) {
      throw new VertxException("the state machine has loaded the snapshot already", true);
    }
    if (piece.length() == 0) {
      throw damaged("ends at byte %d, before its end".formatted(offset));
    }
    digest.update(piece.getBytes());
    offset += piece.length();
    if (isAtEnd() && !HexFormat.of().formatHex(digest.digest()).equals(file.sha256())) {
      throw damaged("is not what the manifest says");
    }
  }

  private StorageException damaged(String how) {
    return new StorageException(
        StorageException.Kind.CORRUPT,
        ("file '%s' of the snapshot that ends at index %d %s, though it was verified when the"
                + " snapshot was opened: start the member again, and it takes an older snapshot or"
                + " has everything fetched from the leader")
            .formatted(file.name(), lastIndex, how));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
