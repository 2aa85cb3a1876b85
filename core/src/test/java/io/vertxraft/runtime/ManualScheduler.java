package io.vertxraft.runtime;

import io.vertxraft.spi.RaftScheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Time and tasks moved by the test. */
public final class ManualScheduler implements RaftScheduler {
  private record Due(long at, Runnable task) {}

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<Due> timers = new ArrayList<>();
  private Executor caller = this;
  private long now = 1;

  /** From now on calls seem to come from this context. */
  public void callFrom(Executor context) {
    caller = context;
  }

  /** Runs everything that waits, and what comes of it. */
  public void run() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** Lets time pass, and runs what is due then. */
  public void advance(long nanos) {
    now += nanos;
    for (Due due : List.copyOf(timers)) {
      if (due.at() <= now && timers.remove(due)) {
        tasks.add(due.task());
      }
    }
    run();
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public long wallMillis() {
    return 0;
  }

  @Override
  public long random(long bound) {
    return 0;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public boolean inContext() {
    return true;
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    Due due = new Due(now + delayNanos, task);
    timers.add(due);
    return () -> timers.remove(due);
  }

  @Override
  public Executor callerContext() {
    return caller;
  }
}
