package io.vertxraft.runtime;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertxraft.StateMachine;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StoredSnapshot;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Has the state machine take over the state of a snapshot, and waits for it no longer than allowed
 * . Confined to the node's context.
 *
 * <p>What the state machine reads is checked while it reads. If the disk has damaged the
 * snapshot since it was verified, the load has failed, whatever the state machine says, and with it
 * the member: the state is neither that of this snapshot nor safely replaced by another one in the
 * same life. At its next start the member verifies all snapshots anew, and takes an older one, or
 * is given everything again.
 */
final class SnapshotLoader implements Applier.Loader {
  private final RaftScheduler scheduler;
  private final SnapshotStorage storage;
  private final StateMachine stateMachine;
  private final Executor stateMachineContext;
  private final long timeoutMs;

  /** Opened and verified already, or null. */
  private StoredSnapshot opened;

  private Load current;

  /**
   * A loader that loads nothing yet.
   *
   * @param opened a snapshot that is open and verified already, or null
   */
  SnapshotLoader(MemberParts parts, StoredSnapshot opened) {
    this.scheduler = parts.scheduler();
    this.storage = parts.storage().snapshots();
    this.stateMachine = parts.stateMachine();
    this.stateMachineContext = parts.stateMachineContext();
    this.timeoutMs = parts.options().getSnapshots().getLoadTimeoutMs();
    this.opened = opened;
  }

  @Override
  public Future<SessionTable> load(long index, boolean stateToo) {
    current = new Load(index, stateToo);
    current.start();
    return current.result.future();
  }

  /** Nothing is loaded any more, and what is open is closed. */
  void stop(String why) {
    if (current != null) {
      current.end(new VertxException(why, true));
    }
    if (opened != null) {
      opened.close();
      opened = null;
    }
  }

  /** One snapshot being loaded. */
  private final class Load {
    private final long index;
    private final boolean stateToo;
    private final Promise<SessionTable> result = Promise.promise();
    private final RaftScheduler.Timer timer;
    private StoredSnapshot snapshot;
    private StoredReader reader;
    private SessionTable sessions;
    private boolean over;

    Load(long index, boolean stateToo) {
      this.index = index;
      this.stateToo = stateToo;
      this.timer =
          scheduler.schedule(
              TimeUnit.MILLISECONDS.toNanos(timeoutMs),
              () ->
                  end(
                      new VertxException(
                          ("the state machine has not loaded the snapshot that ends at index %d"
                                  + " within snapshots.loadTimeoutMs = %d")
                              .formatted(index, timeoutMs),
                          true)));
    }

    void start() {
      Calls.guarded(this::open).onComplete(this::opened);
    }

    private Future<StoredSnapshot> open() {
      StoredSnapshot ready = opened;
      opened = null;
      if (ready != null && ready.manifest().lastIndex() == index) {
        return Future.succeededFuture(ready);
      }
      if (ready != null) {
        ready.close();
      }
      return storage.open(index);
    }

    private void opened(AsyncResult<StoredSnapshot> done) {
      if (done.failed()) {
        end(done.cause());
        return;
      }
      snapshot = done.result();
      if (over) {
        snapshot.close();
        return;
      }
      try {
        sessions = SessionTable.decode(snapshot.manifest().sessions());
      } catch (IllegalArgumentException e) {
        end(e);
        return;
      }
      if (!stateToo) {
        end(null);
        return;
      }
      reader = new StoredReader(snapshot, scheduler, stateMachineContext, this::end);
      stateMachineContext.execute(
          () -> call().onComplete(loaded -> scheduler.execute(() -> returned(loaded.cause()))));
    }

    /** The state machine is done; whether what it has read was right is another question. */
    private void returned(Throwable cause) {
      if (over) {
        return;
      }
      stateMachineContext.execute(
          () ->
              reader
                  .check()
                  .onComplete(
                      checked ->
                          scheduler.execute(() -> end(cause == null ? checked.cause() : cause))));
    }

    private Future<Void> call() {
      try {
        return Objects.requireNonNull(
            stateMachine.loadSnapshot(reader),
            "StateMachine.loadSnapshot returned null instead of a future");
      } catch (Throwable t) {
        return Future.failedFuture(t);
      }
    }

    /** Once; what comes later is ignored. */
    private void end(Throwable cause) {
      if (over) {
        return;
      }
      over = true;
      timer.cancel();
      if (reader != null) {
        reader.close(
            new VertxException("the snapshot that ends at index " + index + " is closed", true));
      }
      if (snapshot != null) {
        snapshot.close();
      }
      if (cause == null) {
        result.complete(sessions);
      } else {
        result.fail(cause);
      }
    }
  }
}
