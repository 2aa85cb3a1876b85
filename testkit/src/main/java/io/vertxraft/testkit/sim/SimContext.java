package io.vertxraft.testkit.sim;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * A serial context of the simulated world: tasks run one at a time in the order of submission,
 * never inside {@link #execute}. It can be frozen, as a paused process is, and killed for ever.
 */
public class SimContext implements Executor {
  private final SimLoop loop;
  private final int owner;
  private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();
  private long frozenUntil;
  private boolean frozen;
  private boolean catchingUp;
  private boolean killed;

  SimContext(SimLoop loop, int owner) {
    this.loop = loop;
    this.owner = owner;
  }

  /** The world's time. */
  public SimLoop loop() {
    return loop;
  }

  /** Number of the node or client in the trace. */
  int owner() {
    return owner;
  }

  /**
   * Runs a task on this context, later. A call from a process that was killed in the middle of its
   * task does nothing: what a dead process still executes here never happened.
   */
  @Override
  public void execute(Runnable task) {
    if (!killed && !loop.isCallerDead()) {
      loop.schedule(loop.nowNanos(), new TaskEvent(this, task, TraceKind.TASK));
    }
  }

  /** Runs a task on this context after {@code nanos} of virtual time. */
  public void after(long nanos, Runnable task) {
    if (!killed) {
      loop.schedule(loop.nowNanos() + nanos, new TaskEvent(this, task, TraceKind.TIMER));
    }
  }

  /** Whether a task of this context is running. */
  public boolean inContext() {
    return loop.current() == this;
  }

  /** Whether {@link #kill()} was called. */
  public boolean isKilled() {
    return killed;
  }

  /** Makes every waiting and future task a no-op. */
  public void kill() {
    killed = true;
    deferred.clear();
  }

  /**
   * Defers all tasks and timers for {@code nanos} from now; a longer freeze wins. Afterwards all of
   * them run at once, in the order in which they became due, before anything that comes later.
   */
  public void freeze(long nanos) {
    long until = loop.nowNanos() + nanos;
    if (until > frozenUntil && nanos > 0) {
      frozen = true;
      frozenUntil = until;
      loop.schedule(until, new ThawEvent());
    }
  }

  /** Whether the context is frozen now. */
  public boolean isFrozen() {
    return frozen;
  }

  private void catchUp() {
    if (!catchingUp && !deferred.isEmpty()) {
      catchingUp = true;
      loop.schedule(loop.nowNanos(), new CatchUpEvent());
    }
  }

  /** The end of a freeze, unless a longer one has begun meanwhile. */
  private final class ThawEvent extends SimEvent {
    @Override
    boolean cancelled() {
      return killed;
    }

    @Override
    int owner() {
      return owner;
    }

    @Override
    void run() {
      if (loop.nowNanos() >= frozenUntil) {
        frozen = false;
        catchUp();
      }
    }
  }

  /** Runs the oldest deferred task. */
  private final class CatchUpEvent extends SimEvent {
    @Override
    boolean cancelled() {
      return killed;
    }

    @Override
    TraceKind kind() {
      return TraceKind.TASK;
    }

    @Override
    int owner() {
      return owner;
    }

    @Override
    void run() {
      catchingUp = false;
      if (!frozen) {
        loop.runIn(SimContext.this, deferred.poll());
        catchUp();
      }
    }
  }

  /** A task, or a timer that has run out. */
  static class TaskEvent extends SimEvent {
    private final SimContext context;
    private final Runnable task;
    private final TraceKind kind;

    TaskEvent(SimContext context, Runnable task, TraceKind kind) {
      this.context = context;
      this.task = task;
      this.kind = kind;
    }

    @Override
    boolean cancelled() {
      return context.killed;
    }

    @Override
    TraceKind kind() {
      return kind;
    }

    @Override
    int owner() {
      return context.owner;
    }

    @Override
    void run() {
      // What waits from a freeze comes first.
      if (context.frozen || !context.deferred.isEmpty()) {
        context.deferred.add(task);
      } else {
        context.loop.runIn(context, task);
      }
    }
  }
}
