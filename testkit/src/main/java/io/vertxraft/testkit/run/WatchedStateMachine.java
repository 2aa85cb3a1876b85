package io.vertxraft.testkit.run;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.SnapshotReader;
import io.vertxraft.SnapshotWriter;
import io.vertxraft.StateMachine;
import io.vertxraft.testkit.sim.SimLoop;
import java.util.List;

/** A state machine of an application, under the application's own invariant. */
final class WatchedStateMachine<S extends StateMachine> implements StateMachine {
  private final S delegate;
  private final Application<S> application;
  private final SimLoop loop;

  WatchedStateMachine(Application<S> application, SimLoop loop) {
    this.delegate = application.stateMachines().get();
    this.application = application;
    this.loop = loop;
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    Future<List<Buffer>> replies;
    try {
      replies = delegate.apply(batch);
    } catch (RuntimeException e) {
      replies = Future.failedFuture(e);
    }
    if (replies == null) {
      replies = Future.failedFuture("StateMachine.apply returned null");
    }
    return replies
        .onFailure(e -> loop.fail("APPLY", "the state machine failed: " + e, e))
        .onSuccess(done -> check());
  }

  @Override
  public Future<Buffer> query(Buffer query) {
    return delegate.query(query);
  }

  @Override
  public Future<Void> saveSnapshot(SnapshotWriter writer) {
    return delegate.saveSnapshot(writer);
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    return delegate.loadSnapshot(reader).onSuccess(done -> check());
  }

  private void check() {
    try {
      application.invariant().accept(delegate);
    } catch (RuntimeException | AssertionError e) {
      loop.fail("INVARIANT", "the state machine's invariant does not hold: " + e.getMessage(), e);
    }
  }

  long stateHash() {
    return application.stateHash().applyAsLong(delegate);
  }
}
