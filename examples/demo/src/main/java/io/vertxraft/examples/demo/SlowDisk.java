package io.vertxraft.examples.demo;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.Room;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StorageWrite;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A storage with a brake: while it is pulled, each write is reported as durable only so much later,
 * as by a disk that is worn out or shared. May be set from any thread, with effect on the next
 * write.
 */
final class SlowDisk implements RaftStorage {
  private final Vertx vertx;
  private final RaftStorage delegate;
  private volatile long delayMs;

  SlowDisk(Vertx vertx, RaftStorage delegate) {
    this.vertx = vertx;
    this.delegate = delegate;
  }

  /** Delays each write from now on; 0 delays none. */
  void delay(long newDelayMs) {
    delayMs = newDelayMs;
  }

  boolean isSlow() {
    return delayMs > 0;
  }

  @Override
  public Future<GroupStorage> open(GroupIdentity identity, Executor context) {
    return delegate.open(identity, context).map(group -> new SlowGroup(group, context));
  }

  @Override
  public Future<Void> close() {
    return delegate.close();
  }

  /** A group's part. Confined to the group's context. */
  private final class SlowGroup implements GroupStorage {
    private final GroupStorage group;
    private final Executor context;

    /** The last write that was delayed: none may overtake it. */
    private Future<Void> last = Future.succeededFuture();

    SlowGroup(GroupStorage group, Executor context) {
      this.group = group;
      this.context = context;
    }

    @Override
    public Future<Void> write(StorageWrite write) {
      Future<Void> written = group.write(write);
      if (delayMs == 0 && last.isComplete()) {
        return written;
      }
      Future<Void> later =
          delayMs == 0 ? Future.succeededFuture() : vertx.timer(delayMs).mapEmpty();
      Promise<Void> told = Promise.promise();
      Future.join(written, last, later)
          .onComplete(done -> context.execute(() -> told.complete(null, written.cause())));
      last = told.future();
      return last;
    }

    @Override
    public RecoveredLog recovered() {
      return group.recovered();
    }

    @Override
    public Future<Void> requireVoters(Set<String> voters) {
      return group.requireVoters(voters);
    }

    @Override
    public Future<Void> truncatePrefix(long firstIndex) {
      return group.truncatePrefix(firstIndex);
    }

    @Override
    public Future<Void> healed() {
      return group.healed();
    }

    @Override
    public Future<Void> discardDamaged(String detail) {
      return group.discardDamaged(detail);
    }

    @Override
    public SnapshotStorage snapshots() {
      return group.snapshots();
    }

    @Override
    public Future<List<LogEntry>> read(long fromIndex, long toIndex, long bytesMax) {
      return group.read(fromIndex, toIndex, bytesMax);
    }

    @Override
    public Room room() {
      return group.room();
    }

    @Override
    public void roomHandler(Consumer<Room> handler) {
      group.roomHandler(handler);
    }

    @Override
    public Future<Void> close() {
      return group.close();
    }
  }
}
