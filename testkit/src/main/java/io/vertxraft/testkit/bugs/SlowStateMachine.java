package io.vertxraft.testkit.bugs;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.DelegatingStateMachine;
import io.vertxraft.testkit.sim.SimLoop;
import io.vertxraft.testkit.sim.SimStateMachine;
import java.util.List;

/** A state machine on which a batch takes effect only after a while. */
final class SlowStateMachine extends DelegatingStateMachine {
  private final SimLoop loop;
  private final long batchNanos;

  /**
   * A state machine of one life.
   *
   * @param batchNanos time from the call to the moment in which a batch changes the state
   */
  SlowStateMachine(SimLoop loop, long batchNanos) {
    super(new SimStateMachine());
    this.loop = loop;
    this.batchNanos = batchNanos;
  }

  @Override
  public Future<List<Buffer>> apply(List<Command> batch) {
    Promise<List<Buffer>> applied = Promise.promise();
    loop.after(batchNanos, () -> super.apply(batch).onComplete(applied));
    return applied.future();
  }
}
