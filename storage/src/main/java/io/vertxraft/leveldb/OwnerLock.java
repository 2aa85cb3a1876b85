package io.vertxraft.leveldb;

import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The exclusive right to a directory.
 *
 * <p>LevelDB's own LOCK does not keep out a second class loader of this process. A file lock of
 * ours alone would not do either: on POSIX systems a process loses its lock when it closes any
 * handle of the file, as a refused second owner does. So within the process the path is claimed in
 * the system properties, the one table all class loaders share, before the file is touched.
 */
final class OwnerLock implements AutoCloseable {
  static final String FILE = "owner.lock";
  private static final String CLAIM = "io.vertxraft.leveldb.open:";

  private final String claim;
  private final FileChannel channel;

  private OwnerLock(String claim, FileChannel channel) {
    this.claim = claim;
    this.channel = channel;
  }

  /**
   * Takes the lock of an existing directory.
   *
   * @throws StorageException LOCKED if somebody else has it
   */
  static OwnerLock take(Path home) throws IOException {
    String claim = CLAIM + home.toRealPath();
    if (System.getProperties().putIfAbsent(claim, "") != null) {
      throw locked(home, null);
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(home.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        throw locked(home, null);
      }
      return new OwnerLock(claim, channel);
    } catch (OverlappingFileLockException e) {
      new OwnerLock(claim, channel).close();
      throw locked(home, e);
    } catch (Throwable e) {
      new OwnerLock(claim, channel).close();
      throw e;
    }
  }

  /** Takes the lock of an existing storage, or null: where nobody may write, nobody runs. */
  static OwnerLock takeIfWritable(Path home) throws IOException {
    return Files.isWritable(home.resolve(FILE)) ? take(home) : null;
  }

  /** The refusal of a directory that is in use. */
  static StorageException locked(Path home, Throwable cause) {
    return new StorageException(
        Kind.LOCKED,
        ("storage directory '%s' is in use by another process or by another storage of this"
                + " process: stop it, or give this node a directory of its own")
            .formatted(home),
        cause);
  }

  /** Releases the lock. The lock file stays: removing it would let two owners in. */
  @Override
  public void close() throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      System.getProperties().remove(claim);
    }
  }
}
