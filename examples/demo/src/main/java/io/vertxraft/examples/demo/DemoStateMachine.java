package io.vertxraft.examples.demo;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Remembers which writes of this run have been applied; replies with the index of each.
 *
 * <p>Thread safe: the member applies, and the check for losses looks.
 */
final class DemoStateMachine implements StateMachine {
  private final long runId;
  private IdSet applied = new IdSet();
  private final List<Waiter> waiters = new ArrayList<>();
  private long appliedIndex;
  private long appliedTwice;
  private boolean closed;

  /** Somebody who wants to hear when an index has been applied. */
  private record Waiter(long index, Promise<Void> promise, Context context) {
    void reached() {
      hop(() -> promise.tryComplete());
    }

    void closed() {
      hop(() -> promise.tryFail("the member was stopped"));
    }

    private void hop(Runnable action) {
      if (context == null) {
        action.run();
      } else {
        context.runOnContext(v -> action.run());
      }
    }
  }

  /** Remembers the writes of {@code runId} only. */
  DemoStateMachine(long runId) {
    this.runId = runId;
  }

  @Override
  public synchronized Future<List<Buffer>> apply(List<Command> batch) {
    List<Buffer> replies = new ArrayList<>(batch.size());
    for (Command command : batch) {
      WriteCommand write = WriteCommand.decode(command.payload());
      if (write.runId() == runId && !applied.add(write.id())) {
        appliedTwice++;
      }
      appliedIndex = command.index();
      replies.add(Buffer.buffer(Long.BYTES).appendLong(command.index()));
    }
    wake();
    return Future.succeededFuture(replies);
  }

  /** Writes which writes have been applied, and of which run: small enough to be copied at once. */
  @Override
  public synchronized Future<Void> saveSnapshot(SnapshotWriter writer) {
    return writer.write(
        Buffer.buffer().appendLong(runId).appendLong(appliedTwice).appendBuffer(applied.encode()));
  }

  /** Takes that over; of an earlier run's snapshot nothing, as of its writes. */
  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    return reader
        .read()
        .map(
            state -> {
              load(state, reader.lastIndex());
              return null;
            });
  }

  private synchronized void load(Buffer state, long lastIndex) {
    boolean sameRun = state.getLong(0) == runId;
    appliedTwice = sameRun ? state.getLong(Long.BYTES) : 0;
    applied = sameRun ? IdSet.decode(state, 2 * Long.BYTES) : new IdSet();
    appliedIndex = lastIndex;
    wake();
  }

  private void wake() {
    for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
      Waiter waiter = each.next();
      if (waiter.index() <= appliedIndex) {
        each.remove();
        waiter.reached();
      }
    }
  }

  /**
   * Waits for the command at {@code index}, or one after it, to be applied.
   *
   * @return completes on the caller's context; fails when the member is stopped
   */
  synchronized Future<Void> reached(long index) {
    if (index <= appliedIndex) {
      return Future.succeededFuture();
    }
    if (closed) {
      return Future.failedFuture("the member was stopped");
    }
    Promise<Void> promise = Promise.promise();
    waiters.add(new Waiter(index, promise, Vertx.currentContext()));
    return promise.future();
  }

  /** The ids among {@code ids} that have not been applied. */
  synchronized IdSet missing(IdSet ids) {
    return ids.minus(applied);
  }

  /** Writes of this run that were in the log more than once; none may be. */
  synchronized long appliedTwice() {
    return appliedTwice;
  }

  /** Lets nobody wait any longer. */
  synchronized void close() {
    closed = true;
    waiters.forEach(Waiter::closed);
    waiters.clear();
  }
}
