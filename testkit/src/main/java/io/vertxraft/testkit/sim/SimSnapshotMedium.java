package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.testkit.snapshot.SnapshotMedium;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** One life's way to a group's snapshots on a {@link SimDisk}: takes time, fails, and forgets. */
final class SimSnapshotMedium implements SnapshotMedium {
  private final SimDisk disk;
  private final long epoch;
  private final Executor context;
  private final Supplier<StorageException> refusal;

  /**
   * @param context where the group's futures complete
   * @param refusal why the group takes no calls, or null
   */
  SimSnapshotMedium(
      SimDisk disk, long epoch, Executor context, Supplier<StorageException> refusal) {
    this.disk = disk;
    this.epoch = epoch;
    this.context = context;
    this.refusal = refusal;
  }

  @Override
  public <T> Future<T> call(Supplier<Future<T>> operation) {
    return disk.call(
        epoch,
        () -> {
          Promise<T> promise = Promise.promise();
          operation.get().onComplete(done -> context.execute(() -> promise.handle(done)));
          return promise.future();
        });
  }

  @Override
  public StorageException refusal() {
    return refusal.get();
  }

  @Override
  public void resumed(long bytes) {
    disk.snapshotSteps().reached(WorldMark.SNAPSHOT_DRAFT_RESUMED);
  }

  @Override
  public boolean keepsUnsure() {
    return disk.snapshotSteps().random().chance(0.5);
  }

  @Override
  public <T> Future<T> carryOut(Step step, long bytes, Work<T> work) {
    return disk.isCurrent(epoch)
        ? disk.snapshotSteps().steps().call(() -> begin(step, bytes, work))
        : Future.failedFuture(refusal());
  }

  private <T> Future<T> begin(Step step, long bytes, Work<T> work) {
    Promise<T> promise = Promise.promise();
    disk.snapshotSteps().after(bytes, () -> end(step, bytes, work, promise));
    return promise.future();
  }

  private <T> void end(Step step, long bytes, Work<T> work, Promise<T> promise) {
    StorageException closed = refusal();
    SnapshotFault fault = closed == null ? disk.snapshotSteps().next(step) : null;
    if (fault == SnapshotFault.HANG) {
      return;
    }
    StorageException failure =
        closed != null ? closed : disk.snapshotSteps().failure(fault, step, bytes);
    if (failure != null) {
      if (closed == null && step == Step.APPEND) {
        work.part(bytes == 0 ? 0 : disk.snapshotSteps().random().below(bytes));
      }
      promise.fail(failure);
      return;
    }
    try {
      T result = fault == SnapshotFault.LOST_SYNC ? work.seemingly() : work.all();
      disk.snapshotStepDone(step, bytes);
      promise.complete(result);
    } catch (StorageException e) {
      if (e.kind() == Kind.CORRUPT) {
        disk.snapshotSteps().reached(WorldMark.SNAPSHOT_DAMAGE_DETECTED);
      }
      promise.fail(e);
    }
  }
}
