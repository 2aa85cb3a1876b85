package io.vertxraft.examples.benchmark.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.examples.benchmark.load.LoadPlan.Operation;
import io.vertxraft.examples.benchmark.peer.Completion;
import io.vertxraft.examples.benchmark.peer.RaftMember;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Loads on members that answer in known ways. */
class LoadTest {
  /** How long a machine that is slow may take until it has done what a test asks for. */
  private static final long PATIENCE_SECONDS = 30;

  /** How many commands are under way at members that share it, and how many were at most. */
  private static final class Gauge {
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    void begun() {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
    }

    void ended() {
      now.decrementAndGet();
    }

    int most() {
      return most.get();
    }
  }

  /** Completes after a moment, on a thread of its own. */
  private static final class Slow extends Fake {
    private final Executor later = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS);
    private final Gauge gauge;

    Slow(Gauge gauge) {
      this.gauge = gauge;
    }

    @Override
    public void apply(byte[] command, Completion completion) {
      gauge.begun();
      later.execute(
          () -> {
            gauge.ended();
            completion.done(null);
          });
    }
  }

  /** Completes before the call returns. */
  private static final class AtOnce extends Fake {
    private final Throwable failure;

    AtOnce(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public void apply(byte[] command, Completion completion) {
      completion.done(failure);
    }
  }

  private abstract static class Fake implements RaftMember {
    @Override
    public boolean isLeader() {
      return true;
    }

    @Override
    public long applied() {
      return 0;
    }
  }

  /** A load that was run, and what its members saw of it. */
  private record Seen(Gauge gauge, LoadResult result) {}

  /** A load on members with this gauge. */
  private interface Attempt {
    LoadResult run(Gauge gauge) throws InterruptedException;
  }

  /**
   * Runs a load again, with a gauge of its own, until the machine has got on far enough within the
   * time that is measured. Each run begins with nothing under way.
   */
  private static Seen runUntil(Predicate<Seen> enough, Attempt attempt)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    Seen seen;
    do {
      Gauge gauge = new Gauge();
      seen = new Seen(gauge, attempt.run(gauge));
    } while (!enough.test(seen) && System.nanoTime() - end < 0);
    return seen;
  }

  private static LoadResult run(RaftMember member, int inFlight, int ratePerSecond)
      throws InterruptedException {
    LoadPlan plan = new LoadPlan(Operation.WRITE, 16, inFlight, ratePerSecond, 20, 200);
    return Load.of(member, LoadPlan.decode(plan.encode())).run(() -> {}, () -> {});
  }

  @Test
  void aClosedLoopKeepsItsNumberUnderWayAndNoMore() throws Exception {
    Seen seen =
        runUntil(
            s -> s.gauge().most() >= 7 && s.result().acknowledged() > 0,
            gauge -> run(new Slow(gauge), 7, 0));
    LoadResult result = seen.result();
    assertThat(seen.gauge().most()).isEqualTo(7);
    assertThat(result.acknowledged()).isPositive();
    assertThat(result.latencyMicros().getTotalCount()).isEqualTo(result.acknowledged());
  }

  @Test
  void aClosedLoopSurvivesCommandsThatEndAtOnce() throws Exception {
    Seen seen =
        runUntil(s -> s.result().acknowledged() > 1_000, gauge -> run(new AtOnce(null), 1, 0));
    assertThat(seen.result().acknowledged()).isGreaterThan(1_000);
  }

  @Test
  void loadsOnSeveralMembersAddUp() throws Exception {
    LoadPlan plan = new LoadPlan(Operation.WRITE, 16, 3, 0, 20, 200);
    AtOnce broken = new AtOnce(new IllegalStateException("ring is full"));
    Seen seen =
        runUntil(
            s -> s.gauge().most() >= 6 && s.result().acknowledged() > 0 && s.result().failed() > 0,
            gauge ->
                Loads.run(
                    List.of(new Slow(gauge), new Slow(gauge), broken), plan, () -> {}, () -> {}));
    LoadResult result = seen.result();
    assertThat(seen.gauge().most()).isEqualTo(6);
    assertThat(result.acknowledged()).isPositive();
    assertThat(result.failed()).isPositive();
    assertThat(result.firstFailure()).contains("ring is full");
    assertThat(result.latencyMicros().getTotalCount()).isEqualTo(result.acknowledged());
  }

  @Test
  void failuresAreCountedAndTheFirstIsTold() throws Exception {
    LoadResult result =
        runUntil(
                s -> s.result().failed() > 0,
                gauge -> run(new AtOnce(new IllegalStateException("ring is full")), 2, 0))
            .result();
    assertThat(result.acknowledged()).isZero();
    assertThat(result.failed()).isPositive();
    assertThat(LoadResult.decode(result.encode()).firstFailure()).contains("ring is full");
  }

  @Test
  void anOpenLoopNeverHasMoreUnderWayThanItMay() throws Exception {
    Seen seen =
        runUntil(s -> s.result().acknowledged() > 0, gauge -> run(new Slow(gauge), 1, 10_000));
    assertThat(seen.gauge().most()).isEqualTo(1);
    assertThat(seen.result().acknowledged()).isPositive();
  }

  @Test
  void anOpenLoopBeginsAtItsRateWhateverHasEnded() {
    assertThat(OpenLoop.dueAfter(0, 10_000)).isZero();
    assertThat(OpenLoop.dueAfter(99_000, 10_000)).isZero();
    assertThat(OpenLoop.dueAfter(100_000, 10_000)).isEqualTo(1);
    assertThat(OpenLoop.dueAfter(60_000_000_000L, 1_000_000)).isEqualTo(60_000_000);
    assertThat(OpenLoop.nanosUntil(25, 10_000)).isEqualTo(2_500_000);
  }

  @Test
  void aResultSurvivesItsTransport() throws Exception {
    LoadResult result = run(new Slow(new Gauge()), 3, 0);
    LoadResult again = LoadResult.decode(result.encode());
    assertThat(again.acknowledged()).isEqualTo(result.acknowledged());
    assertThat(again.latencyMicros()).isEqualTo(result.latencyMicros());
    assertThat(again.perSecond()).isEqualTo(result.perSecond());
  }
}
