package io.vertxraft.leveldb;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The directory of a storage, held by an exclusive lock: knows whose it is and where its files are.
 *
 * <p>The identity file is written before the database is created and marked {@code ready} after, so
 * that a crash in between is finished at the next start, while a database that vanishes later is
 * never mistaken for a new one.
 */
final class DataDirectory implements AutoCloseable {
  private static final int FORMAT_VERSION = 2;
  private static final String CREATING = "creating";
  private static final String READY = "ready";

  private final Path home;
  private final String clusterId;
  private final String nodeId;
  private final OwnerLock lock;
  private final boolean ready;

  private DataDirectory(Path home, String clusterId, String nodeId, OwnerLock lock, boolean ready) {
    this.home = home;
    this.clusterId = clusterId;
    this.nodeId = nodeId;
    this.lock = lock;
    this.ready = ready;
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
    isReady(home, clusterId, nodeId);
    createDurably(home, DataDirectory::sync);
    OwnerLock lock = OwnerLock.take(home);
    try {
      boolean ready = isReady(home, clusterId, nodeId);
      DataDirectory directory = new DataDirectory(home, clusterId, nodeId, lock, ready);
      if (!Files.exists(identityFile(home))) {
        directory.claim();
      }
      return directory;
    } catch (Throwable e) {
      lock.close();
      throw e;
    }
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

  private static boolean isReady(Path home, String clusterId, String nodeId) throws IOException {
    Path file = identityFile(home);
    if (!Files.exists(file)) {
      return false;
    }
    JsonObject identity;
    try {
      identity = new JsonObject(Files.readString(file));
    } catch (DecodeException | IOException e) {
      throw StorageErrors.corrupt(home, "identity.json cannot be read", e);
    }
    Object version = identity.getValue("formatVersion");
    if (!Integer.valueOf(FORMAT_VERSION).equals(version)) {
      throw new StorageException(
          Kind.CORRUPT,
          "'%s' has formatVersion %s, this version reads %d: use the version that wrote it"
              .formatted(file, version, FORMAT_VERSION));
    }
    Object ownerCluster = identity.getValue("clusterId");
    Object ownerNode = identity.getValue("nodeId");
    if (!clusterId.equals(ownerCluster) || !nodeId.equals(ownerNode)) {
      throw wrongOwner(home, ownerCluster, ownerNode, clusterId, nodeId);
    }
    Object state = identity.getValue("state");
    if (!CREATING.equals(state) && !READY.equals(state)) {
      throw StorageErrors.corrupt(home, "identity.json has state '%s'".formatted(state));
    }
    return READY.equals(state);
  }

  static StorageException wrongOwner(
      Path home, Object ownerCluster, Object ownerNode, String clusterId, String nodeId) {
    return new StorageException(
        Kind.WRONG_OWNER,
        ("storage directory '%s' belongs to node '%s' of cluster '%s', not to node '%s' of cluster"
                + " '%s': correct the directory, or nodeId and clusterId")
            .formatted(home, ownerNode, ownerCluster, nodeId, clusterId));
  }

  private void claim() throws IOException {
    if (Files.exists(database()) || Files.exists(watermark())) {
      throw StorageErrors.corrupt(home, "identity.json is missing although there is data");
    }
    writeIdentity(CREATING);
  }

  /** Whether the database was created completely at some earlier time. */
  boolean ready() {
    return ready;
  }

  /** Remembers that the database exists: from now on it must never be created again. */
  void markReady() throws IOException {
    writeIdentity(READY);
  }

  private void writeIdentity(String state) throws IOException {
    JsonObject identity =
        new JsonObject()
            .put("formatVersion", FORMAT_VERSION)
            .put("clusterId", clusterId)
            .put("nodeId", nodeId)
            .put("state", state);
    Path temporary = home.resolve("identity.json.tmp");
    byte[] bytes = (identity.encodePrettily() + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(temporary, identityFile(home), StandardCopyOption.ATOMIC_MOVE);
    sync(home);
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
    if (!this.clusterId.equals(clusterId) || !this.nodeId.equals(nodeId)) {
      throw wrongOwner(home, this.clusterId, this.nodeId, clusterId, nodeId);
    }
  }

  Path home() {
    return home;
  }

  Path database() {
    return home.resolve("db");
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
    return home.resolve("watermark");
  }

  private static Path identityFile(Path home) {
    return home.resolve("identity.json");
  }

  /** Gives the directory free for another owner. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
