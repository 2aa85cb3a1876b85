package io.vertxraft.examples.kv;

import io.vertx.core.Future;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;

/**
 * The files of a snapshot, version 1, numbers big-endian:
 *
 * <pre>
 * head:            8 bytes "raft-kv\n", u32 version, u64 number of entries, u64 bytes as counted
 * entries-000000,
 * entries-000001 and so on, in the order of the keys:
 *                  any number of times (u16 n, n bytes of key, u64 index, u64 term,
 *                                       u32 m, m bytes of value)
 * </pre>
 *
 * <p>Where a file ends depends on the keys near its end, not on what stands before it. So two
 * snapshots of a map of which little has changed have most files in common, and those are not sent
 * to a member that has them.
 */
final class KvSnapshot {
  /** The version written. */
  static final int VERSION = 1;

  static final String HEAD_FILE = "head";
  static final String ENTRIES_FILE = "entries-%06d";

  /** About what a file of entries has, if there are so many. */
  private static final long FILE_BYTES = 16L * 1024 * 1024;

  private final long fileBytes;

  KvSnapshot() {
    this(FILE_BYTES);
  }

  /**
   * Snapshots with files of another size.
   *
   * @param fileBytes about what a file of entries has; none has less than half of it, except the
   *     last, nor more than four times of it and an entry
   */
  KvSnapshot(long fileBytes) {
    this.fileBytes = fileBytes;
  }

  /**
   * Writes a state, slice by slice, so that others have their turn in between.
   *
   * @return completes when all is written; fails if the snapshot is given up
   */
  Future<Void> save(KvState state, SnapshotWriter writer) {
    return new KvSnapshotSave(state, writer, fileBytes).start();
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @return fails, naming file and place, if it is anything else
   */
  Future<KvState> load(SnapshotReader reader) {
    return new KvSnapshotLoad(reader).start();
  }
}
