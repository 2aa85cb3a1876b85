package io.vertxraft.spi;

import io.vertx.core.Future;
import java.util.concurrent.Executor;

/**
 * The durable storage of a process, shared by all its groups.
 *
 * <p>A storage belongs to one node of one cluster for ever; opening it as somebody else, or twice
 * at the same time, fails and changes nothing.
 */
public interface RaftStorage {
  /**
   * Opens a group's part of the storage and checks it: checksums, contiguous indexes,
   * non-decreasing terms. A group that is not there yet is created empty. A damaged log is opened
   * as far as it is whole, and says so in its {@linkplain RecoveredLog.Health health}; a group
   * whose term and vote are not certain is refused, for it might vote twice.
   *
   * @param identity who opens it
   * @param context where every future and callback of the returned {@link GroupStorage} completes:
   *     the group's serial context
   * @return the open group, completed on {@code context}; fails with a {@link StorageException}
   *     that names the directory, the nature of the trouble and the remedy
   */
  Future<GroupStorage> open(GroupIdentity identity, Executor context);

  /**
   * Finishes all pending writes, then releases everything. Idempotent. Groups still open fail their
   * later calls.
   */
  Future<Void> close();
}
