package io.vertxraft.leveldb;

import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.iq80.leveldb.WriteBatch;

/**
 * An open storage directory: lock, database, watermark, and which groups there are. Confined to the
 * writer thread, but for {@link #database()}.
 */
final class Engine implements AutoCloseable {
  /** A group as the database knows it. */
  record GroupRecord(int number, GroupMeta meta) {}

  private static final System.Logger LOG = System.getLogger(Engine.class.getName());
  private static final byte GROUP_RECORD_VERSION = 1;
  private static final int GROUP_RECORD_HEADER_BYTES = 5;

  private final DataDirectory directory;
  private final Database database;
  private final Watermark watermark;
  private final FreeSpace freeSpace;
  private final long freeSpaceBytesMin;
  private final Map<String, Integer> groups = new HashMap<>();
  private int lastGroup;
  private StorageException failure;

  private Engine(
      DataDirectory directory,
      Database database,
      Watermark watermark,
      FreeSpace freeSpace,
      LevelDbOptions options) {
    this.directory = directory;
    this.database = database;
    this.watermark = watermark;
    this.freeSpace = freeSpace;
    this.freeSpaceBytesMin = freeSpaceBytesMin(options);
  }

  /**
   * Opens the directory {@code home} as the given owner, creating what is missing only if it was
   * never complete.
   *
   * @throws StorageException naming the directory, the trouble and the remedy; nothing is left open
   */
  static Engine open(
      Path home, LevelDbOptions options, FreeSpace freeSpace, String clusterId, String nodeId) {
    Closer closer = new Closer();
    try {
      DataDirectory directory = closer.register(DataDirectory.open(home, clusterId, nodeId));
      requireSpace(freeSpace, home, freeSpaceBytesMin(options));
      boolean create = !directory.ready();
      Watermark watermark =
          closer.register(Watermark.open(home, directory.watermark(), create, System.nanoTime()));
      Database database = closer.register(openDatabase(directory, options, create));
      if (create) {
        watermark.sync();
        DataDirectory.sync(directory.database());
        DataDirectory.sync(home);
        directory.markReady();
      }
      Engine engine = new Engine(directory, database, watermark, freeSpace, options);
      engine.loadGroups();
      return engine;
    } catch (Throwable e) {
      closer.close();
      throw StorageErrors.of(home, "Opening", e);
    }
  }

  private static Database openDatabase(
      DataDirectory directory, LevelDbOptions options, boolean create) throws IOException {
    if (!create && !Files.exists(directory.database().resolve("CURRENT"))) {
      throw StorageErrors.corrupt(directory.home(), "the database has lost its file db/CURRENT");
    }
    if (Files.exists(directory.database())) {
      TornTail.cut(directory.home(), directory.database());
    }
    return Database.open(directory.home(), directory.database(), create, options);
  }

  private void loadGroups() throws IOException {
    database.scan(
        Keys.of(Keys.GROUP, 0, 0),
        false,
        (key, value) -> {
          if (!Keys.isType(key, Keys.GROUP)) {
            return false;
          }
          int number = Keys.group(key);
          String groupId = decodeGroup(number, value);
          if (groups.put(groupId, number) != null) {
            throw corrupt("group '%s' is registered twice".formatted(groupId));
          }
          lastGroup = Math.max(lastGroup, number);
          return true;
        });
    for (Map.Entry<Integer, Watermark.Mark> mark : watermark.found().entrySet()) {
      if (!groups.containsValue(mark.getKey())) {
        throw corrupt(
            "group number %d, acknowledged up to entry %d, is missing from the database"
                .formatted(mark.getKey(), mark.getValue().last()));
      }
    }
  }

  /** Finds a group, or creates it empty, and compares it with the watermark. */
  GroupRecord group(String groupId) throws IOException {
    if (failure != null) {
      throw failure;
    }
    Integer number = groups.get(groupId);
    if (number == null) {
      return createGroup(groupId);
    }
    byte[] bytes = database.get(Keys.of(Keys.META, number, 0));
    if (bytes == null) {
      throw corrupt("group '%s' has no meta record".formatted(groupId));
    }
    GroupMeta meta;
    try {
      meta = GroupMeta.decode(groupId, bytes);
    } catch (CorruptEntryException e) {
      throw corrupt("group '%s': %s".formatted(groupId, e.getMessage()));
    }
    compareWithWatermark(groupId, number, meta);
    return new GroupRecord(number, meta);
  }

  private void compareWithWatermark(String groupId, int number, GroupMeta meta) throws IOException {
    Watermark.Mark mark = watermark.found().get(number);
    if (mark == null) {
      if (meta.sequence() != 0) {
        throw corrupt(
            "the watermark of group '%s' is missing, so nothing tells what was acknowledged"
                .formatted(groupId));
      }
      // The process died between the creation of the group and that of its mark.
      markCreated(number);
    } else if (mark.sequence() > meta.sequence()) {
      throw corrupt(
          ("group '%s' had acknowledged write %d (term %d, last entry %d of term %d), the database"
                  + " ends at write %d (term %d, last entry %d of term %d): acknowledged data is lost")
              .formatted(
                  groupId,
                  mark.sequence(),
                  mark.term(),
                  mark.last(),
                  mark.lastTerm(),
                  meta.sequence(),
                  meta.hardState().term(),
                  meta.last(),
                  meta.lastTerm()));
    }
  }

  private GroupRecord createGroup(String groupId) throws IOException {
    int number = lastGroup + 1;
    requireSpace(0);
    try {
      database.write(
          batch -> {
            batch.put(Keys.of(Keys.GROUP, number, 0), encodeGroup(number, groupId));
            batch.put(Keys.of(Keys.META, number, 0), GroupMeta.EMPTY.encode(groupId));
          });
      markCreated(number);
    } catch (IOException | RuntimeException e) {
      throw fail(e);
    }
    lastGroup = number;
    groups.put(groupId, number);
    return new GroupRecord(number, GroupMeta.EMPTY);
  }

  /** Synced, unlike later marks, so that the slot exists whatever happens to the machine. */
  private void markCreated(int number) throws IOException {
    watermark.advance(number, Watermark.Mark.of(GroupMeta.EMPTY));
    watermark.sync();
    watermark.found().put(number, Watermark.Mark.of(GroupMeta.EMPTY));
  }

  /**
   * Writes the jobs of several groups in one synced batch.
   *
   * @return null, or why nothing can be acknowledged any more: a failed sync tells nothing
   *     about what reached the disk, and LevelDB 1.13 would go on after it as if nothing had
   *     happened
   */
  StorageException commit(Map<LevelDbGroup, List<WriteJob>> jobs) {
    if (failure != null) {
      return failure;
    }
    long bytes = 0;
    for (List<WriteJob> ofGroup : jobs.values()) {
      for (WriteJob job : ofGroup) {
        bytes += job.bytes();
      }
    }
    try {
      requireSpace(bytes);
      database.write(batch -> jobs.forEach((group, ofGroup) -> fill(batch, group, ofGroup)));
      for (Map.Entry<LevelDbGroup, List<WriteJob>> ofGroup : jobs.entrySet()) {
        GroupMeta meta = last(ofGroup.getValue()).meta();
        watermark.advance(ofGroup.getKey().number(), Watermark.Mark.of(meta));
        watermark.found().put(ofGroup.getKey().number(), Watermark.Mark.of(meta));
      }
      return null;
    } catch (IOException | RuntimeException | Error e) {
      return fail(e);
    }
  }

  /**
   * To be called after the acknowledgements of a batch, which need not wait for it: now and then
   * syncs the marks. If that fails, later writes are refused as after any failed sync.
   */
  void afterCommit() {
    if (failure != null) {
      return;
    }
    try {
      watermark.syncIfDue(System.nanoTime());
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
  }

  private static void fill(WriteBatch batch, LevelDbGroup group, List<WriteJob> jobs) {
    int number = group.number();
    for (WriteJob job : jobs) {
      for (long index = job.deleteFrom(); index <= job.deleteTo(); index++) {
        batch.delete(Keys.of(Keys.ENTRY, number, index));
      }
      for (LogEntry entry : job.entries()) {
        batch.put(Keys.of(Keys.ENTRY, number, entry.index()), entry.encoded());
      }
    }
    batch.put(Keys.of(Keys.META, number, 0), last(jobs).meta().encode(group.groupId()));
  }

  private static WriteJob last(List<WriteJob> jobs) {
    return jobs.get(jobs.size() - 1);
  }

  private StorageException fail(Throwable cause) {
    failure = StorageErrors.of(directory.home(), "A write", cause);
    LOG.log(System.Logger.Level.ERROR, failure.getMessage() + " (no later write is accepted)");
    return failure;
  }

  private void requireSpace(long batchBytes) throws IOException {
    requireSpace(freeSpace, directory.home(), freeSpaceBytesMin + batchBytes);
  }

  private static void requireSpace(FreeSpace space, Path home, long bytesMin) throws IOException {
    long usable = space.usableBytes(home);
    if (usable < bytesMin) {
      throw new StorageException(
          Kind.DISK_FULL,
          ("storage directory '%s' has %d bytes free on disk, fewer than the %d it must keep"
                  + " (freeSpaceBytesMin, at least four write buffers): free some space and start the"
                  + " member again")
              .formatted(home, usable, bytesMin));
    }
  }

  private static long freeSpaceBytesMin(LevelDbOptions options) {
    return Math.max(options.getFreeSpaceBytesMin(), 4L * options.getWriteBufferBytes());
  }

  private byte[] encodeGroup(int number, String groupId) {
    byte[] id = groupId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(GROUP_RECORD_HEADER_BYTES + id.length)
        .put(GROUP_RECORD_VERSION)
        .putInt(groupChecksum(number, id))
        .put(id)
        .array();
  }

  private String decodeGroup(int number, byte[] bytes) {
    if (bytes.length > GROUP_RECORD_HEADER_BYTES && bytes[0] == GROUP_RECORD_VERSION) {
      byte[] id = new byte[bytes.length - GROUP_RECORD_HEADER_BYTES];
      ByteBuffer.wrap(bytes).position(GROUP_RECORD_HEADER_BYTES).get(id);
      if (ByteBuffer.wrap(bytes).getInt(1) == groupChecksum(number, id)) {
        return new String(id, StandardCharsets.UTF_8);
      }
    }
    throw corrupt("the record of group number %d is not intact".formatted(number));
  }

  private static int groupChecksum(int number, byte[] id) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, number));
    crc.update(id);
    return (int) crc.getValue();
  }

  private StorageException corrupt(String nature) {
    return StorageErrors.corrupt(directory.home(), nature);
  }

  DataDirectory directory() {
    return directory;
  }

  Database database() {
    return database;
  }

  /** Closes the database, then the watermark, then gives up the lock. */
  @Override
  public void close() throws IOException {
    try (directory;
        watermark;
        database) {
      LOG.log(System.Logger.Level.DEBUG, "closing {0}", directory.home());
    }
  }
}
