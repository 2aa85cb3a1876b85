package io.vertxraft.leveldb;

import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.StorageException;

/** What the storage knows about a group, open or not. Confined to the writer thread. */
final class GroupState {
  final int number;
  final String groupId;

  /** As in the database. */
  GroupMeta meta;

  /** As in the watermark. */
  Witness.Promise promise;

  /** Why the group cannot be opened; null if it can. */
  StorageException refusal;

  /** As found when the storage was opened, for the first who opens the group; null after. */
  RecoveredLog found;

  /** First index of the log up to which the runs in front of it have been deleted. */
  long trimmedFor;

  /** Runs deleted since the last compaction, and where the first of them began. */
  int deletedRuns;

  long deletedFrom;

  GroupState(int number, String groupId, GroupMeta meta) {
    this.number = number;
    this.groupId = groupId;
    this.meta = meta;
    this.promise = new Witness.Promise(groupId, meta.sequence(), meta.hardState());
  }
}
