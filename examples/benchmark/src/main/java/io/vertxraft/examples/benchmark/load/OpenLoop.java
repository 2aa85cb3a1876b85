package io.vertxraft.examples.benchmark.load;

import io.vertxraft.examples.benchmark.peer.RaftMember;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Begins operations at a fixed rate. The latency of each counts from the moment it was to begin, so
 * that a library which stops for a while pays for all that was to begin meanwhile (what a closed
 * loop leaves out: coordinated omission).
 */
final class OpenLoop extends Load {
  private static final long TICK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final Thread pacer = new Thread(this::pace, "pacer");
  private long startNanos;
  private long begun;

  OpenLoop(RaftMember member, LoadPlan plan) {
    super(member, plan);
    pacer.setDaemon(true);
  }

  @Override
  void begin() {
    startNanos = System.nanoTime();
    pacer.start();
  }

  @Override
  void end() {
    LockSupport.unpark(pacer);
  }

  private void pace() {
    while (running()) {
      long due = dueAfter(System.nanoTime() - startNanos, plan().ratePerSecond());
      int room = plan().inFlight() - underWay();
      int count = (int) Math.min(due - begun, Math.max(0, room));
      if (count > 0) {
        long first = begun;
        begun += count;
        member().loadExecutor().execute(() -> beginAll(first, count));
      }
      LockSupport.parkNanos(TICK_NANOS);
    }
  }

  private void beginAll(long first, int count) {
    for (long i = first; i < first + count; i++) {
      long intended = startNanos + nanosUntil(i, plan().ratePerSecond());
      start(failure -> ended(intended, failure));
    }
  }

  /** How many operations are to have begun after that time. */
  static long dueAfter(long nanos, int ratePerSecond) {
    return nanos / 1_000 * ratePerSecond / 1_000_000;
  }

  /** When the operation of that number, from 0, is to begin. */
  static long nanosUntil(long number, int ratePerSecond) {
    return number * TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
  }
}
