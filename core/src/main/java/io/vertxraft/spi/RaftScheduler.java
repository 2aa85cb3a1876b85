package io.vertxraft.spi;

import java.util.concurrent.Executor;

/**
 * Time, timers, randomness and the serial context of one member. Everything the consensus code
 * knows about the passing of time comes through here, so that a simulator can own it.
 */
public interface RaftScheduler extends Executor {
  /** Monotonic time in nanoseconds; only differences mean anything. */
  long nanoTime();

  /** Wall-clock time in milliseconds since the epoch, for display only: it decides nothing. */
  long wallMillis();

  /** A random number that is uniform in {@code [0, bound)}. */
  long random(long bound);

  /** Runs a task on the member's context, later, in the order of the calls; from any thread. */
  @Override
  void execute(Runnable task);

  /** Whether the caller is on the member's context. */
  boolean inContext();

  /**
   * Runs a task on the member's context after a delay. Called on the member's context.
   *
   * @param delayNanos the delay; rounded up to the timer's resolution
   * @return cancels the timer; once cancelled on the context, the task will not run
   */
  Timer schedule(long delayNanos, Runnable task);

  /**
   * The serial context of the caller, where the caller's futures complete; the member's own context
   * for a caller that has none. Called from any thread.
   */
  Executor callerContext();

  /** A pending timer. */
  interface Timer {
    /** Cancels the timer; does nothing if it has run. */
    void cancel();
  }
}
