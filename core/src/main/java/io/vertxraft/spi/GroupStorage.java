package io.vertxraft.spi;

import io.vertx.core.Future;
import io.vertxraft.protocol.LogEntry;
import java.util.List;

/**
 * Log and hard state of one group.
 *
 * <p>All methods are called from the group's context, and all futures complete there. Writes take
 * effect, become durable and complete strictly in the order of the calls. The first write that
 * fails is final: every later call fails with the same cause, because a failed sync tells
 * nothing about what reached the disk.
 */
public interface GroupStorage {
  /** What was found when the group was opened. */
  RecoveredLog recovered();

  /**
   * Writes atomically and durably: after a crash either all of {@code write} is there or none of
   * it.
   *
   * @return completes when the write is synced; a write that does not follow the log is refused
   *     with an {@link IllegalArgumentException}, and changes nothing
   */
  Future<Void> write(StorageWrite write);

  /**
   * Reads durable entries in index order, checksums verified.
   *
   * @param fromIndex first index wanted; must be in the log
   * @param toIndex last index wanted, inclusive; must be in the log and durable
   * @param bytesMax stop before this many encoded bytes are exceeded, but return at least one entry
   * @return a non-empty contiguous run that starts at {@code fromIndex}
   */
  Future<List<LogEntry>> read(long fromIndex, long toIndex, long bytesMax);

  /** Finishes pending writes and releases the group. Idempotent. */
  Future<Void> close();
}
