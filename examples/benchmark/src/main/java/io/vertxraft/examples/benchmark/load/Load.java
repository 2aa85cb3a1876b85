package io.vertxraft.examples.benchmark.load;

import io.vertxraft.examples.benchmark.peer.Completion;
import io.vertxraft.examples.benchmark.peer.RaftMember;
import io.vertxraft.examples.benchmark.peer.ReadKind;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * A load on one member. Runs once: it settles, is measured, and ends when nothing is under way any
 * more.
 */
public abstract class Load {
  private static final long END_WAIT_SECONDS = 60;
  private static final long LATENCY_MICROS_MAX = TimeUnit.MINUTES.toMicros(10);

  private final RaftMember member;
  private final LoadPlan plan;
  private final byte[] command;
  private final Recorder latency = new Recorder(LATENCY_MICROS_MAX, 3);
  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final AtomicReference<Throwable> firstFailure = new AtomicReference<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile boolean measuring;
  private volatile boolean running = true;

  Load(RaftMember member, LoadPlan plan) {
    this.member = member;
    this.plan = plan;
    command = new byte[plan.payloadBytes()];
    new SplittableRandom(1).nextBytes(command);
  }

  /** The load of a plan. */
  public static Load of(RaftMember member, LoadPlan plan) {
    return plan.ratePerSecond() == 0 ? new ClosedLoop(member, plan) : new OpenLoop(member, plan);
  }

  /** Begins what keeps the load going. */
  abstract void begin();

  /** Ends it; what is under way may still end. */
  abstract void end();

  /**
   * Runs the load. Blocks.
   *
   * @param opened called when the measurement begins
   * @param closed called when the measurement ends, before the load has died down
   */
  public LoadResult run(Runnable opened, Runnable closed) throws InterruptedException {
    begin();
    TimeUnit.MILLISECONDS.sleep(plan.settleMillis());
    latency.reset();
    long start = System.nanoTime();
    measuring = true;
    opened.run();
    TimeUnit.NANOSECONDS.sleep(
        start + TimeUnit.MILLISECONDS.toNanos(plan.measureMillis()) - System.nanoTime());
    measuring = false;
    long nanos = System.nanoTime() - start;
    closed.run();
    running = false;
    end();
    Histogram histogram = latency.getIntervalHistogram();
    Throwable failure = firstFailure.get();
    LoadResult result =
        new LoadResult(
            acknowledged.sum(),
            failed.sum(),
            nanos,
            histogram,
            failure == null ? "" : failure.toString());
    awaitEnd();
    return result;
  }

  private void awaitEnd() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_WAIT_SECONDS);
    while (underWay.get() > 0) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            underWay + " operations have not ended within " + END_WAIT_SECONDS + " s");
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  final LoadPlan plan() {
    return plan;
  }

  final RaftMember member() {
    return member;
  }

  final boolean running() {
    return running;
  }

  final int underWay() {
    return underWay.get();
  }

  /** Begins one operation. */
  final void start(Completion completion) {
    underWay.incrementAndGet();
    switch (plan.kind()) {
      case WRITE -> member.apply(command, completion);
      case READ_INDEX -> member.read(ReadKind.READ_INDEX, completion);
      case LEASE -> member.read(ReadKind.LEASE, completion);
    }
  }

  /** Counts one operation that has ended and was to begin at {@code startNanos}. */
  final void ended(long startNanos, Throwable failure) {
    if (measuring) {
      if (failure == null) {
        acknowledged.increment();
        latency.recordValue(Math.min(LATENCY_MICROS_MAX, (System.nanoTime() - startNanos) / 1_000));
      } else {
        failed.increment();
      }
    }
    if (failure != null) {
      firstFailure.compareAndSet(null, failure);
    }
    underWay.decrementAndGet();
  }
}
