package io.vertxraft.testkit.sim;

import io.vertxraft.spi.RaftScheduler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Time, timers, randomness and the serial context of one life of a node. A restarted node gets a
 * new one; the machine's clock and random stream go on.
 */
public final class SimScheduler extends SimContext implements RaftScheduler {
  private final NodeClock clock;
  private final SimRandom random;
  private final List<PendingTimer> pending = new ArrayList<>();
  private long timers;

  SimScheduler(SimLoop loop, int owner, NodeClock clock, SimRandom random) {
    super(loop, owner);
    this.clock = clock;
    this.random = random;
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public long wallMillis() {
    return clock.wallMillis();
  }

  @Override
  public long random(long bound) {
    return random.below(bound);
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    // One nanosecond at least: a timer never runs before tasks that are already waiting.
    PendingTimer timer = new PendingTimer(task, clock.nanoTime() + Math.max(1, delayNanos));
    if (!isKilled()) {
      timer.slot = pending.size();
      pending.add(timer);
      timer.start();
    }
    return timer;
  }

  /** The running context, be it a client's or another node's; this one if none is running. */
  @Override
  public Executor callerContext() {
    SimContext current = loop().current();
    return current == null ? this : current;
  }

  @Override
  public void kill() {
    super.kill();
    pending.clear();
  }

  /** Computes anew, after the clock's rate has changed, when the running timers end. */
  void retime() {
    List<PendingTimer> running = new ArrayList<>(pending);
    running.sort(
        Comparator.<PendingTimer>comparingLong(timer -> timer.deadline)
            .thenComparingLong(timer -> timer.number));
    running.forEach(PendingTimer::start);
  }

  /** A timer that is running, by the node's own clock. */
  private final class PendingTimer implements Timer, Runnable {
    private final Runnable task;
    private final long deadline;
    private final long number = timers++;
    private TimerEvent event;
    private int slot;
    private boolean cancelled;

    PendingTimer(Runnable task, long deadline) {
      this.task = task;
      this.deadline = deadline;
    }

    /** Schedules the end; an event scheduled earlier is void. */
    void start() {
      event = new TimerEvent(this);
      long left = Math.max(1, deadline - clock.nanoTime());
      loop().schedule(loop().nowNanos() + clock.toVirtual(left), event);
    }

    @Override
    public void cancel() {
      if (!cancelled) {
        cancelled = true;
        forget();
      }
    }

    /** Leaves the list of running timers: its last one moves into the gap. */
    void forget() {
      if (event != null && !isKilled()) {
        event = null;
        PendingTimer last = pending.remove(pending.size() - 1);
        if (last != this) {
          pending.set(slot, last);
          last.slot = slot;
        }
      }
    }

    @Override
    public void run() {
      // Deferred by a freeze, it can still be cancelled before it runs.
      if (!cancelled) {
        task.run();
      }
    }
  }

  private final class TimerEvent extends TaskEvent {
    private final PendingTimer timer;

    TimerEvent(PendingTimer timer) {
      super(SimScheduler.this, timer, TraceKind.TIMER);
      this.timer = timer;
    }

    @Override
    boolean cancelled() {
      return timer.event != this || super.cancelled();
    }

    @Override
    void run() {
      timer.forget();
      super.run();
    }
  }
}
