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
import org.junit.jupiter.api.Test;

/** Loads on members that answer in known ways. */
class LoadTest {
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();

  /** Completes after a moment, on a thread of its own. */
  private final class Slow extends Fake {
    private final Executor later = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS);

    @Override
    public void apply(byte[] command, Completion completion) {
      mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      later.execute(
          () -> {
            underWay.decrementAndGet();
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

  private static LoadResult run(RaftMember member, int inFlight, int ratePerSecond)
      throws InterruptedException {
    LoadPlan plan = new LoadPlan(Operation.WRITE, 16, inFlight, ratePerSecond, 20, 200);
    return Load.of(member, LoadPlan.decode(plan.encode())).run(() -> {}, () -> {});
  }

  @Test
  void aClosedLoopKeepsItsNumberUnderWayAndNoMore() throws Exception {
    LoadResult result = run(new Slow(), 7, 0);
    assertThat(mostUnderWay).hasValue(7);
    assertThat(result.acknowledged()).isPositive();
    assertThat(result.latencyMicros().getTotalCount()).isEqualTo(result.acknowledged());
  }

  @Test
  void aClosedLoopSurvivesCommandsThatEndAtOnce() throws Exception {
    assertThat(run(new AtOnce(null), 1, 0).acknowledged()).isGreaterThan(1_000);
  }

  @Test
  void loadsOnSeveralMembersAddUp() throws Exception {
    LoadPlan plan = new LoadPlan(Operation.WRITE, 16, 3, 0, 20, 200);
    AtOnce broken = new AtOnce(new IllegalStateException("ring is full"));
    LoadResult result =
        Loads.run(List.of(new Slow(), new Slow(), broken), plan, () -> {}, () -> {});
    assertThat(mostUnderWay).hasValue(6);
    assertThat(result.acknowledged()).isPositive();
    assertThat(result.failed()).isPositive();
    assertThat(result.firstFailure()).contains("ring is full");
    assertThat(result.latencyMicros().getTotalCount()).isEqualTo(result.acknowledged());
  }

  @Test
  void failuresAreCountedAndTheFirstIsTold() throws Exception {
    LoadResult result = run(new AtOnce(new IllegalStateException("ring is full")), 2, 0);
    assertThat(result.acknowledged()).isZero();
    assertThat(result.failed()).isPositive();
    assertThat(LoadResult.decode(result.encode()).firstFailure()).contains("ring is full");
  }

  @Test
  void anOpenLoopNeverHasMoreUnderWayThanItMay() throws Exception {
    LoadResult result = run(new Slow(), 1, 10_000);
    assertThat(mostUnderWay).hasValue(1);
    assertThat(result.acknowledged()).isPositive();
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
    LoadResult result = run(new Slow(), 3, 0);
    LoadResult again = LoadResult.decode(result.encode());
    assertThat(again.acknowledged()).isEqualTo(result.acknowledged());
    assertThat(again.latencyMicros()).isEqualTo(result.latencyMicros());
    assertThat(again.perSecond()).isEqualTo(result.perSecond());
  }
}
