package io.vertxraft.leveldb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes the runs in front of a log that has been cut there, a few at a time between the batches
 * of the writer. Confined to the writer thread.
 */
final class Trimmer {
  /** Runs deleted at a time: short ones are read, too, for LevelDB cannot show keys alone. */
  static final int CHUNK_RUNS = 128;

  private Trimmer() {}

  /** Whether a group may have runs to delete. */
  static boolean isDue(GroupState group) {
    return group.refusal == null && group.trimmedFor < group.meta.first();
  }

  /** Deletes the next runs of a group for which this is due. Not synced: it is done again. */
  static void trim(Store store, GroupState group) throws IOException {
    GroupMeta meta = group.meta;
    List<byte[]> keys = new ArrayList<>();
    List<byte[]> records = new ArrayList<>();
    store.settle();
    store
        .database()
        .scanPlaces(
            Keys.of(Keys.RUN, group.number, meta.clearedTo()),
            (key, run) -> {
              if (Keys.matches(key, Keys.RUN, group.number) && Keys.index(key) <= meta.first()) {
                keys.add(key);
                records.add(run);
                return keys.size() <= CHUNK_RUNS;
              }
              return false;
            });
    boolean more = keys.size() > CHUNK_RUNS;
    if (!more) {
      group.trimmedFor = meta.first();
    }
    // The last one found holds the first entry, unless there is no entry; or is for the next time.
    boolean keepLast = !keys.isEmpty() && (more || meta.last() >= meta.first());
    int deleted = keys.size() - (keepLast ? 1 : 0);
    if (deleted > 0) {
      Changes changes = new Changes();
      for (int i = 0; i < deleted; i++) {
        changes.goes(keys.get(i), records.get(i));
        changes.delete(keys.get(i));
      }
      long clearedTo = keepLast ? Keys.index(keys.get(deleted)) : meta.first();
      write(store, group, changes, clearedTo);
      if (group.deletedRuns == 0) {
        group.deletedFrom = Keys.index(keys.get(0));
      }
      group.deletedRuns += deleted;
    }
  }

  private static void write(Store store, GroupState group, Changes changes, long clearedTo)
      throws IOException {
    GroupMeta next = group.meta.withClearedTo(clearedTo);
    changes.put(Keys.of(Keys.META, group.number, 0), next.encode(group.groupId));
    store.write(changes, false);
    group.meta = next;
  }
}
