package io.vertxraft.leveldb;

import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.Room;
import io.vertxraft.spi.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * An open storage directory: lock, database, watermark, and which groups there are. Confined to the
 * writer thread, but for {@link #database()}.
 */
final class Engine implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Engine.class.getName());

  /** Runs that must have been deleted before the room is taken back from LevelDB. */
  private static final int COMPACTION_RUNS_MIN = 256;

  private final DataDirectory directory;
  private final Store store;
  private final Watermark watermark;
  private final RoomGuard room;
  private final int runEntriesMax;
  private final Map<String, GroupState> groups;
  private int lastNumber;
  private StorageException failure;
  private boolean roomUnknown;

  private Engine(
      DataDirectory directory, Opening.Opened opened, RoomGuard room, LevelDbOptions options) {
    this.directory = directory;
    this.store = opened.store();
    this.watermark = opened.watermark();
    this.groups = opened.groups();
    this.room = room;
    this.runEntriesMax = options.runEntriesMax();
    groups.values().forEach(group -> lastNumber = Math.max(lastNumber, group.number));
  }

  /**
   * Opens the directory {@code home} as the given owner, creating what is missing only if it was
   * never complete, and checks all groups.
   *
   * @param cancelled asked now and then; true ends the opening with CLOSED
   * @throws StorageException naming the directory, the trouble and the remedy; nothing is left open
   */
  static Engine open(
      Path home,
      LevelDbOptions options,
      FreeSpace freeSpace,
      String clusterId,
      String nodeId,
      BooleanSupplier cancelled) {
    Closer closer = new Closer();
    try {
      DataDirectory directory = closer.register(DataDirectory.open(home, clusterId, nodeId));
      RoomGuard room = new RoomGuard(home, options, freeSpace);
      StorageException full = room.refusal(0);
      if (full != null) {
        throw full;
      }
      NativeLibrary.load(home, options);
      Opening opening = closer.register(new Opening(directory, options, room, cancelled));
      return new Engine(directory, opening.open(), room, options);
    } catch (Throwable e) {
      closer.close();
      throw StorageErrors.of(home, "Opening", e);
    }
  }

  /**
   * Finds a group, or creates it empty.
   *
   * @throws StorageException if the storage has failed, or the group may not be opened
   */
  GroupState group(String groupId) throws IOException {
    if (failure != null) {
      throw failure;
    }
    GroupState group = groups.get(groupId);
    if (group == null) {
      return createGroup(groupId);
    }
    if (group.refusal != null) {
      throw group.refusal;
    }
    return group;
  }

  private GroupState createGroup(String groupId) throws IOException {
    StorageException full = room.refusal(0);
    if (full != null) {
      throw full;
    }
    GroupState group = new GroupState(lastNumber + 1, groupId, GroupMeta.EMPTY);
    try {
      Changes changes = new Changes();
      changes.put(Keys.of(Keys.GROUP, group.number, 0), GroupRecord.encode(group.number, groupId));
      changes.put(Keys.of(Keys.META, group.number, 0), group.meta.encode(groupId));
      store.write(changes);
      watermark.promise(group.number, group.promise);
      watermark.mark(group.number, Witness.Mark.of(group.meta));
      watermark.sync();
    } catch (IOException | RuntimeException | Error e) {
      throw fail(e);
    }
    group.found = RecoveredLog.empty();
    lastNumber = group.number;
    groups.put(groupId, group);
    return group;
  }

  /**
   * Writes the changes of several groups, together and synced.
   *
   * @return null; or a refusal for want of room, after which nothing was written; or why nothing
   *     can be acknowledged any more: a failed sync tells nothing about what reached the
   *     disk
   */
  StorageException commit(Map<LevelDbGroup, List<WriteJob>> jobs) {
    if (failure != null) {
      return failure;
    }
    long bytes = 0;
    boolean removes = false;
    for (List<WriteJob> ofGroup : jobs.values()) {
      for (WriteJob job : ofGroup) {
        bytes += job.bytes();
        removes |= job.discardsLog() || job.truncateFrom() > 0;
      }
    }
    try {
      StorageException full = room.refusal(bytes);
      if (full != null) {
        return full;
      }
      if (removes) {
        // What is to go is looked for in the database.
        store.settle();
      }
      store.write(changes(jobs));
      witness(jobs);
      if (removes) {
        // Before anybody reads what has taken its place.
        store.settle();
      }
      return null;
    } catch (IOException | RuntimeException | Error e) {
      return fail(e);
    }
  }

  private Changes changes(Map<LevelDbGroup, List<WriteJob>> jobs) throws IOException {
    Changes changes = new Changes();
    for (Map.Entry<LevelDbGroup, List<WriteJob>> ofGroup : jobs.entrySet()) {
      GroupState group = ofGroup.getKey().state();
      GroupBatch records = new GroupBatch(store.database(), changes, group, runEntriesMax);
      for (WriteJob job : ofGroup.getValue()) {
        records.add(job);
      }
      records.finish(group.groupId, clearedTo(group, ofGroup.getValue()));
    }
    return changes;
  }

  /** Below which there are no runs: a log that starts anew may do so before its old start. */
  private static long clearedTo(GroupState group, List<WriteJob> jobs) {
    long clearedTo = group.meta.clearedTo();
    for (WriteJob job : jobs) {
      if (job.discardsLog()) {
        clearedTo = Math.min(clearedTo, job.meta().first());
      }
    }
    return clearedTo;
  }

  private static WriteJob last(List<WriteJob> jobs) {
    return jobs.get(jobs.size() - 1);
  }

  /** Marks what was written; synced if a term or vote is new, for these must be exact. */
  private void witness(Map<LevelDbGroup, List<WriteJob>> jobs) throws IOException {
    boolean promised = false;
    for (Map.Entry<LevelDbGroup, List<WriteJob>> ofGroup : jobs.entrySet()) {
      GroupState group = ofGroup.getKey().state();
      List<WriteJob> written = ofGroup.getValue();
      group.meta = last(written).meta().withClearedTo(clearedTo(group, written));
      if (written.stream().anyMatch(WriteJob::discardsLog)) {
        group.trimmedFor = 0;
      }
      if (!group.promise.hardState().equals(group.meta.hardState())) {
        group.promise =
            new Witness.Promise(group.groupId, group.meta.sequence(), group.meta.hardState());
        watermark.promise(group.number, group.promise);
        promised = true;
      }
      watermark.mark(group.number, Witness.Mark.of(group.meta));
      store.grown(ofGroup.getKey(), group.meta.last());
    }
    if (promised) {
      watermark.sync();
    }
  }

  /**
   * To be called after the acknowledgements of a batch, which need not wait for it, and while there
   * is nothing to write: gives the database what the journal has, syncs the marks now and then and
   * deletes what logs have been cut off. If that fails, later writes are refused as after any
   * failed sync.
   *
   * @param idle whether there is nothing to write
   * @return whether there is more to delete
   */
  boolean maintain(boolean idle) {
    if (failure != null) {
      return false;
    }
    try {
      if (idle) {
        store.settle();
      } else {
        store.settleIfDue();
      }
      watermark.syncIfDue(System.nanoTime());
      for (GroupState group : groups.values()) {
        if (Trimmer.isDue(group) && room.refusal(0) == null) {
          Trimmer.trim(store, group);
          if (!Trimmer.isDue(group)) {
            store.reclaim();
          }
          return true;
        }
      }
      return store.reclaimSparse();
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
    return false;
  }

  /** A group of whose log so much was deleted that its room should be taken back; null if none. */
  GroupState takeCompaction() {
    for (GroupState group : groups.values()) {
      if (group.deletedRuns >= COMPACTION_RUNS_MIN && !Trimmer.isDue(group)) {
        group.deletedRuns = 0;
        return group;
      }
    }
    return null;
  }

  /** Looks at the disk; unchanged if the operating system does not answer, which is logged once. */
  Room lookForRoom(Room before) {
    try {
      Room now = room.look();
      roomUnknown = false;
      return now;
    } catch (IOException | RuntimeException e) {
      if (!roomUnknown) {
        roomUnknown = true;
        String what = "cannot tell how much room '" + directory.home() + "' has";
        LOG.log(System.Logger.Level.WARNING, what, e);
      }
      return before;
    }
  }

  /** The room there was when it was last looked for. */
  Room room() {
    return room.last();
  }

  private StorageException fail(Throwable cause) {
    failure = StorageErrors.of(directory.home(), "A write", cause);
    LOG.log(System.Logger.Level.ERROR, failure.getMessage() + " (no later write is accepted)");
    return failure;
  }

  DataDirectory directory() {
    return directory;
  }

  /**
   * The database, with all that has been acknowledged so far.
   *
   * @throws StorageException if the database has failed
   */
  Database settled() {
    try {
      store.settle();
      return store.database();
    } catch (IOException | RuntimeException | Error e) {
      throw failure == null ? fail(e) : failure;
    }
  }

  /** The database, of which the last writes may be in the journal only. */
  Database database() {
    return store.database();
  }

  /** Closes the database, then the watermark, then gives up the lock. */
  @Override
  public void close() throws IOException {
    try (directory;
        watermark) {
      LOG.log(System.Logger.Level.DEBUG, "closing {0}", directory.home());
      if (failure == null) {
        store.closeSettled();
      } else {
        store.close();
      }
    }
  }
}
