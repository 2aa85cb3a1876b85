package io.vertxraft.testkit.run;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.DelegatingStateMachine;
import io.vertxraft.SnapshotReader;
import io.vertxraft.StateMachine;
import io.vertxraft.testkit.sim.SimLoop;
import java.util.List;

/** A state machine of an application, under the application's own invariant. */
final class WatchedStateMachine<S extends StateMachine> extends DelegatingStateMachine {
  private final S watched;
  private final Application<S> application;
  private final SimLoop loop;

  WatchedStateMachine(Application<S> application, SimLoop loop) {
    this(application.stateMachines().get(), application, loop);
  }

  private WatchedStateMachine(S watched, Application<S> application, SimLoop loop) {
    super(watched);
    this.watched = watched;
    this.application = application;
    this.loop = loop;
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    Future<List<Buffer>> replies;
    try {
      replies = super.apply(batch);
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

  /** One that is new cannot have applied anything; if it says so, commands would be left out. */
  @Override
  public Future<Long> durableAppliedIndex() {
    return super.durableAppliedIndex()
        .onSuccess(
            index -> {
              if (index != 0) {
                loop.fail(
                    "DURABLE",
                    "a new state machine says that it has applied up to index %d by itself: each life"
                            .formatted(index)
                        + " in the simulation begins with an empty one, so return 0 from"
                        + " durableAppliedIndex",
                    null);
              }
            });
  }

  @Override
  public Future<Void> loadSnapshot(SnapshotReader reader) {
    return super.loadSnapshot(reader).onSuccess(done -> check());
  }

  private void check() {
    try {
      application.invariant().accept(watched);
    } catch (RuntimeException | AssertionError e) {
      loop.fail("INVARIANT", "the state machine's invariant does not hold: " + e.getMessage(), e);
    }
  }

  long stateHash() {
    return application.stateHash().applyAsLong(watched);
  }
}
