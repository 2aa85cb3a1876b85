package io.vertxraft.testkit.sim;

import io.vertxraft.spi.RaftScheduler;
import java.util.concurrent.Executor;

/** Time, timers and the context of a simulated client that is no member; its clock is true. */
final class ClientScheduler implements RaftScheduler {
  private final SimContext context;
  private final SimRandom random;

  ClientScheduler(SimContext context, SimRandom random) {
    this.context = context;
    this.random = random;
  }

  @Override
  public long nanoTime() {
    return context.loop().nowNanos();
  }

  @Override
  public long wallMillis() {
    return 0;
  }

  @Override
  public long random(long bound) {
    return random.below(bound);
  }

  @Override
  public void execute(Runnable task) {
    context.execute(task);
  }

  @Override
  public boolean inContext() {
    return context.inContext();
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    boolean[] cancelled = {false};
    context.after(
        Math.max(1, delayNanos),
        () -> {
          if (!cancelled[0]) {
            task.run();
          }
        });
    return () -> cancelled[0] = true;
  }

  @Override
  public Executor callerContext() {
    SimContext current = context.loop().current();
    return current == null ? context : current;
  }
}
