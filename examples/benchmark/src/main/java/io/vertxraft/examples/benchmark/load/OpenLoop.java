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
      long due = dueAt(System.nanoTime());
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
      long intended = startNanos + i * TimeUnit.SECONDS.toNanos(1) / plan().ratePerSecond();
      start(failure -> ended(intended, failure));
    }
  }

  private long dueAt(long nanos) {
    return (nanos - startNanos) / 1_000 * plan().ratePerSecond() / 1_000_000;
  }
}
