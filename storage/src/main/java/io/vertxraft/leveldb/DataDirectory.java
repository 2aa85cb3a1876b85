package io.vertxraft.leveldb;

import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The directory of a storage, held by an exclusive lock: knows whose it is and where its files are.
 *
 * <p>The identity file is written before the database is created and marked {@code ready} after, so
 * that a crash in between is finished at the next start, while a database that vanishes later is
 * never mistaken for a new one.
 */
final class DataDirectory implements AutoCloseable {
  static final String DATABASE = "db";
  static final String WATERMARK = "watermark";

  private final Path home;
  private Identity identity;
  private final OwnerLock lock;

  private DataDirectory(Path home, Identity identity, OwnerLock lock) {
    this.home = home;
    this.identity = identity;
    this.lock = lock;
  }

  /**
   * Locks the directory for its owner. A directory that does not exist is created and becomes the
   * owner's.
   *
   * @throws StorageException if it belongs to somebody else, is in use, or its identity is damaged;
   *     nothing has been changed then
   */
  static DataDirectory open(Path home, String clusterId, String nodeId) throws IOException {
    // Before the lock file is touched: a wrong owner leaves no trace.
    Identity before = Identity.read(home);
    if (before != null) {
      before.require(home, clusterId, nodeId);
    }
    createDurably(home, DataDirectory::sync);
    OwnerLock lock = OwnerLock.take(home);
    try {
      Identity identity = Identity.read(home);
      if (identity == null) {
        identity = claim(home, clusterId, nodeId);
      }
      identity.require(home, clusterId, nodeId);
      return new DataDirectory(home, identity, lock);
    } catch (Throwable e) {
      lock.close();
      throw e;
    }
  }

  private static Identity claim(Path home, String clusterId, String nodeId) throws IOException {
    if (Files.exists(home.resolve(DATABASE)) || Files.exists(home.resolve(WATERMARK))) {
      throw StorageErrors.corrupt(home, "identity.json is missing although there is data");
    }
    if (Files.exists(home.resolve(SnapshotImport.BUILDING))) {
      throw new StorageException(
          Kind.CORRUPT,
          ("storage directory '%s' is where the import of a snapshot was cut short: empty it and"
                  + " import again")
              .formatted(home));
    }
    Identity identity = new Identity(clusterId, nodeId, false, new TreeMap<>());
    identity.write(home);
    return identity;
  }

  /** Makes the names in a directory durable. */
  @FunctionalInterface
  interface Sync {
    void sync(Path directory) throws IOException;
  }

  /**
   * Creates a directory and those above it that are missing, and syncs the parent of each new one:
   * otherwise a power cut could take away the directory with all that was acknowledged in it.
   *
   * @throws StorageException if there is something else in its place
   */
  static void createDurably(Path home, Sync sync) throws IOException {
    if (Files.exists(home) && !Files.isDirectory(home)) {
      throw new StorageException(
          Kind.IO_ERROR,
          ("storage directory '%s' is not a directory: remove what is there, or set the option"
                  + " 'directory' to another path")
              .formatted(home));
    }
    ArrayDeque<Path> missing = new ArrayDeque<>();
    for (Path at = home; at != null && !Files.exists(at); at = at.getParent()) {
      missing.push(at);
    }
    Files.createDirectories(home);
    for (Path created : missing) {
      sync.sync(created.getParent());
    }
  }

  /** Whether the database was created completely at some earlier time. */
  boolean ready() {
    return identity.ready();
  }

  /** Remembers that the database exists: from now on it must never be created again. */
  void markReady() throws IOException {
    identity = identity.markedReady();
    identity.write(home);
  }

  /**
   * Makes names in a directory durable. Windows needs no such thing and cannot open directories.
   */
  static void sync(Path directory) throws IOException {
    if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Fails unless the directory is of this owner. */
  void requireOwner(String clusterId, String nodeId) {
    identity.require(home, clusterId, nodeId);
  }

  /** Remembers the voters of a new group; fails unless those of a known one are the same. */
  void requireVoters(String groupId, Set<String> voters) throws IOException {
    SortedSet<String> known = identity.voters().get(groupId);
    if (known == null) {
      Identity more = identity.withVoters(groupId, voters);
      more.write(home);
      identity = more;
    } else if (!known.equals(voters)) {
      throw StorageException.otherVoters(
          "group '%s' in storage directory '%s'".formatted(groupId, home), known, voters);
    }
  }

  Path home() {
    return home;
  }

  Path database() {
    return home.resolve(DATABASE);
  }

  /** Where a new database is built before it takes the place of a damaged one. */
  Path rebuilt() {
    return home.resolve("db.rebuilt");
  }

  /** The database that was damaged last, kept for analysis. */
  Path damaged() {
    return home.resolve("db.damaged");
  }

  /** A copy to read a damaged database from. */
  Path scratch() {
    return home.resolve("db.scratch");
  }

  /** Finishes or undoes a rebuilding that a crash has cut short. */
  void settleRebuilding() throws IOException {
    deleteTree(scratch());
    if (!Files.exists(rebuilt())) {
      return;
    }
    if (Files.exists(database())) {
      deleteTree(rebuilt());
    } else {
      Files.move(rebuilt(), database(), StandardCopyOption.ATOMIC_MOVE);
      sync(home);
    }
  }

  /** Puts the rebuilt database in the place of the damaged one, which is kept. */
  void swapRebuilt() throws IOException {
    sync(rebuilt());
    if (Files.exists(database())) {
      deleteTree(damaged());
      Files.move(database(), damaged(), StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(rebuilt(), database(), StandardCopyOption.ATOMIC_MOVE);
    sync(home);
    deleteTree(scratch());
  }

  /** Deletes a directory with all that is in it; links, not what they lead to. */
  static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  Path watermark() {
    return home.resolve(WATERMARK);
  }

  /** Gives the directory free for another owner. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
