package io.vertxraft.spi;

import io.vertx.core.Future;
import io.vertxraft.protocol.LogEntry;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Log and hard state of one group.
 *
 * <p>All methods are called from the group's context, and all futures complete there. Changes
 * ({@link #write}, {@link #truncatePrefix}, {@link #healed}, {@link #discardDamaged}) take effect,
 * become durable and complete strictly in the order of the calls.
 *
 * <p><b>When a change fails.</b> The first one that fails is final: every later change fails with
 * the same cause, because a failed sync tells nothing about what reached the disk. The
 * failure concerns all groups of the storage, with one exception: {@link
 * StorageException.Kind#DISK_FULL} says that nothing of the change, nor of any later one, was given
 * to the disk. It ends only this handle, whose owner has gone ahead of the disk in memory. Close
 * the group and, once {@link #room()} is no longer low, {@link RaftStorage#open open} it again: it
 * is found as it was before the refused change. No restart is needed.
 */
public interface GroupStorage {
  /** What was found when the group was opened. */
  RecoveredLog recovered();

  /**
   * Remembers durably with which voters a new group begins, and knows them again ever after.
   *
   * @param voters ids of all voters
   * @return completes when they are remembered, or are those remembered; fails with {@link
   *     StorageException.Kind#WRONG_OWNER} if others are, and changes nothing
   */
  Future<Void> requireVoters(Set<String> voters);

  /**
   * Writes atomically and durably: after a crash either all of {@code write} is there or none of
   * it.
   *
   * @return completes when the write is synced; a write that does not follow the log is refused
   *     with an {@link IllegalArgumentException}, and changes nothing
   */
  Future<Void> write(StorageWrite write);

  /**
   * Removes the entries before {@code firstIndex}, which a snapshot has replaced. The term of the
   * last one removed is kept as {@link RecoveredLog#prevTerm()}. Does nothing if the log starts
   * there or later already. Room on disk comes back some time after.
   *
   * @param firstIndex where the log starts from now on; at most one beyond its last entry
   * @return completes when the new start is durable; an index beyond the log is refused with an
   *     {@link IllegalArgumentException}, and changes nothing
   */
  Future<Void> truncatePrefix(long firstIndex);

  /**
   * Says that the member has been given all that its {@linkplain RecoveredLog.Health damaged} log
   * had lost. Until this is durable, every opening reports the damage again, however whole the log
   * looks by then. Does nothing for a group that is not damaged.
   *
   * @return completes when the damage is forgotten durably
   */
  Future<Void> healed();

  /**
   * Gives up the whole log, because the snapshot it builds on is lost: it is empty and starts at
   * index 1, term and vote stay, and the group is {@linkplain RecoveredLog.Health damaged} until
   * {@link #healed}.
   *
   * @param detail for people: what was lost, where, and what will help
   * @return completes when that is durable
   */
  Future<Void> discardDamaged(String detail);

  /**
   * The group's snapshots; the same object each time, {@link SnapshotStorage#none()} if the storage
   * keeps none.
   */
  SnapshotStorage snapshots();

  /**
   * Reads durable entries in index order, checksums verified.
   *
   * @param fromIndex first index wanted; must be in the log
   * @param toIndex last index wanted, inclusive; must be in the log and durable
   * @param bytesMax stop before this many encoded bytes are exceeded, but return at least one entry
   * @return a non-empty contiguous run that starts at {@code fromIndex}
   */
  Future<List<LogEntry>> read(long fromIndex, long toIndex, long bytesMax);

  /**
   * The room there is, as last seen: the storage looks before it writes, and about once a second
   * while it has nothing to write.
   */
  Room room();

  /**
   * Sets who is told when {@link Room#low()} changes, on the group's context. Also told after a
   * change was refused for want of room, until the group is closed.
   *
   * @param handler replaces an earlier one; must not throw
   */
  void roomHandler(Consumer<Room> handler);

  /** Finishes pending changes and releases the group. Idempotent. */
  Future<Void> close();
}
