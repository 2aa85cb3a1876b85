package io.vertxraft.leveldb;

import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.LogEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Works out which records the changes of one group in a batch replace. What they append is
 * gathered, so that it forms long runs whatever it came in; what they take away is looked up in the
 * database.
 */
final class GroupBatch {
  private final Database database;
  private final Changes changes;
  private final int number;
  private final EntryCodec codec;
  private final int runEntriesMax;
  private final List<LogEntry> appended = new ArrayList<>();
  private final long sequenceInDatabase;
  private GroupMeta meta;

  /** Last entry that the database has and that no change so far takes away. */
  private long lastStored;

  GroupBatch(Database database, Changes changes, GroupState group, int runEntriesMax) {
    this.database = database;
    this.changes = changes;
    this.number = group.number;
    this.codec = new EntryCodec(group.groupId);
    this.runEntriesMax = runEntriesMax;
    this.meta = group.meta;
    this.sequenceInDatabase = group.meta.sequence();
    this.lastStored = group.meta.last();
  }

  /** Adds a change, in order. */
  void add(WriteJob job) throws IOException {
    if (job.discardsLog()) {
      appended.clear();
      removeFrom(job.meta().first(), false);
      lastStored = job.meta().first() - 1;
    } else if (job.truncateFrom() > 0) {
      truncateFrom(job.truncateFrom());
    }
    appended.addAll(job.entries());
    meta = job.meta();
  }

  private void truncateFrom(long index) throws IOException {
    int kept = appended.size();
    while (kept > 0 && appended.get(kept - 1).index() >= index) {
      kept--;
    }
    appended.subList(kept, appended.size()).clear();
    if (index <= lastStored) {
      removeFrom(index, true);
      lastStored = index - 1;
    }
  }

  /**
   * Removes what is stored from an index on. Of the run that the index is in, what is before it is
   * written again or, if nothing of the log is wanted, goes too: it would seem to hold the index.
   */
  private void removeFrom(long index, boolean keepBefore) throws IOException {
    List<Map.Entry<byte[], byte[]>> cut = new ArrayList<>();
    database.scanPlacesFrom(
        Keys.of(Keys.RUN, number, index),
        (key, run) -> {
          if (!Keys.matches(key, Keys.RUN, number)) {
            return Keys.isBefore(key, Keys.RUN, number);
          }
          changes.goes(key, run);
          if (Keys.index(key) < index && keepBefore) {
            cut.add(Map.entry(key, run));
          } else {
            changes.delete(key);
          }
          return true;
        });
    for (Map.Entry<byte[], byte[]> run : cut) {
      byte[] key = run.getKey();
      changes.put(key, before(index, key, database.run(key, run.getValue())));
    }
  }

  private byte[] before(long index, byte[] key, byte[] run) {
    return Runs.encode(Runs.decodeUpTo(index - 1, run, Keys.index(key), codec));
  }

  /** Writes the runs and, if there was more than appends, the meta record of the last change. */
  void finish(String groupId, long clearedTo) {
    for (int from = 0; from < appended.size(); ) {
      int to = from + Runs.length(appended, from, runEntriesMax);
      long index = appended.get(from).index();
      changes.put(Keys.of(Keys.RUN, number, index), Runs.encode(appended.subList(from, to)));
      from = to;
    }
    if (meta.sequence() != sequenceInDatabase) {
      changes.put(Keys.of(Keys.META, number, 0), meta.withClearedTo(clearedTo).encode(groupId));
    }
  }
}
