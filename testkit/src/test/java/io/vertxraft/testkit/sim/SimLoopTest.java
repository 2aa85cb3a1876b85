package io.vertxraft.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.spi.RaftScheduler.Timer;
import io.vertxraft.testkit.oracle.Violation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimLoopTest {
  private static final long MS = 1_000_000;

  private final SimWorld world = new SimWorld(1, List.of("n1", "n2"));
  private final SimLoop loop = world.loop();
  private final List<Object> seen = new ArrayList<>();

  @Test
  void tasksRunInTheOrderOfSubmissionAndNeverInline() {
    SimScheduler node = world.machine("n1").boot().scheduler();
    node.execute(
        () -> {
          node.execute(() -> seen.add("second"));
          seen.add("first");
        });
    node.execute(() -> seen.add("between"));
    assertThat(seen).isEmpty();
    loop.runUntil(0);
    assertThat(seen).containsExactly("first", "between", "second");
  }

  @Test
  void timersRunInTheOrderOfTheirInstantsAndTiesInTheOrderOfScheduling() {
    for (int i = 0; i < 200; i++) {
      int number = i;
      loop.after((i * 7 % 10) * MS, () -> seen.add(loop.nowNanos() / MS * 1000 + number));
    }
    loop.runFor(20 * MS);
    assertThat(seen).hasSize(200).isSortedAccordingTo((a, b) -> Long.compare((Long) a, (Long) b));
    assertThat(loop.nowNanos()).isEqualTo(20 * MS);
  }

  @Test
  void aCancelledTimerDoesNotRun() {
    SimScheduler node = world.machine("n1").boot().scheduler();
    Timer timer = node.schedule(5 * MS, () -> seen.add("cancelled"));
    node.schedule(4 * MS, timer::cancel);
    loop.runFor(10 * MS);
    assertThat(seen).isEmpty();
  }

  @Test
  void aTimerCancelledWhileItsNodeIsFrozenDoesNotRun() {
    SimMachine machine = world.machine("n1");
    SimScheduler node = machine.boot().scheduler();
    Timer timer = node.schedule(5 * MS, () -> seen.add("cancelled"));
    machine.freeze(10 * MS);
    node.execute(timer::cancel);
    loop.runFor(20 * MS);
    assertThat(seen).isEmpty();
  }

  @Test
  void aFrozenNodeDoesEverythingLaterInOrder() {
    SimMachine machine = world.machine("n1");
    SimScheduler node = machine.boot().scheduler();
    node.schedule(5 * MS, () -> seen.add("timer at " + loop.nowNanos() / MS));
    machine.freeze(20 * MS);
    node.execute(() -> seen.add("task at " + loop.nowNanos() / MS));
    loop.runFor(19 * MS);
    assertThat(seen).isEmpty();
    loop.runFor(10 * MS);
    assertThat(seen).containsExactly("task at 20", "timer at 20");
  }

  @Test
  void aKilledNodeDoesNothingAnyMoreAndItsNextLifeDoesNotInheritTasks() {
    SimMachine machine = world.machine("n1");
    SimScheduler first = machine.boot().scheduler();
    first.execute(() -> seen.add("old task"));
    first.schedule(MS, () -> seen.add("old timer"));
    machine.crash();
    SimScheduler second = machine.boot().scheduler();
    first.execute(() -> seen.add("late task"));
    second.execute(() -> seen.add("new task"));
    loop.runFor(10 * MS);
    assertThat(seen).containsExactly("new task");
  }

  @Test
  void aFastClockRunsItsTimersEarlierAndShowsMoreTime() {
    SimMachine machine = world.machine("n1");
    SimScheduler node = machine.boot().scheduler();
    machine.clock().setRate(1.25);
    long start = node.nanoTime();
    node.schedule(100 * MS, () -> seen.add(node.nanoTime() - start));
    loop.runFor(80 * MS + 2);
    assertThat((Long) seen.get(0)).isBetween(100 * MS, 100 * MS + 4);
    machine.clock().setRate(0.5);
    long before = node.nanoTime();
    loop.runFor(100 * MS);
    assertThat(node.nanoTime() - before).isEqualTo(50 * MS);
  }

  @Test
  void theWallClockJumpsAndTheMonotonicClockDoesNot() {
    SimMachine machine = world.machine("n1");
    SimScheduler node = machine.boot().scheduler();
    long wall = node.wallMillis();
    long monotonic = node.nanoTime();
    machine.clock().jumpWall(-3_600_000);
    assertThat(node.wallMillis()).isEqualTo(wall - 3_600_000);
    assertThat(node.nanoTime()).isEqualTo(monotonic);
  }

  @Test
  void aCallerIsToldApartByTheContextItRunsOn() {
    SimScheduler node = world.machine("n1").boot().scheduler();
    SimContext client = world.clientContext("client");
    node.execute(() -> seen.add(node.inContext() && node.callerContext() == node));
    client.execute(() -> seen.add(!node.inContext() && node.callerContext() == client));
    loop.runFor(1);
    assertThat(seen).containsExactly(true, true);
    assertThat(node.callerContext()).isSameAs(node);
  }

  @Test
  void whatATaskThrowsStopsTheRunWithSeedAndTime() {
    SimScheduler node = world.machine("n1").boot().scheduler();
    node.schedule(
        MS,
        () -> {
          throw new IllegalStateException("broken");
        });
    assertThatThrownBy(() -> loop.runFor(2 * MS))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("UNCAUGHT")
        .hasMessageContaining("n1")
        .hasMessageContaining("broken")
        .hasMessageContaining("seed 0x1");
    assertThatThrownBy(loop::step).isInstanceOf(Violation.class);
  }

  @Test
  void aNodeThatIsBusyForEverAtOneInstantStopsTheRun() {
    SimScheduler node = world.machine("n1").boot().scheduler();
    Runnable[] task = new Runnable[1];
    task[0] = () -> node.execute(task[0]);
    node.execute(task[0]);
    assertThatThrownBy(() -> loop.runFor(MS))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("LIVELOCK")
        .hasMessageContaining("n1");
  }

  @Test
  void nodesThatKeepEachOtherBusyStopTheRunAtTheLimitOfOneSecond() {
    SimScheduler node = world.machine("n1").boot().scheduler();
    SimScheduler other = world.machine("n2").boot().scheduler();
    Runnable[] task = new Runnable[1];
    task[0] = () -> node.schedule(9 * MS / 10, task[0]);
    node.execute(task[0]);
    other.schedule(MS, () -> seen.add("quiet"));
    loop.eventsPerSecondMax(1_200);
    loop.runFor(10_000 * MS);
    assertThat(loop.executedEvents()).as("over many seconds").isGreaterThan(10_000);
    loop.eventsPerSecondMax(1_000);
    assertThatThrownBy(() -> loop.runFor(1_000 * MS))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("I14")
        .hasMessageContaining("message storm")
        .hasMessageContaining("1001 of them at n1");
    assertThatThrownBy(() -> loop.eventsPerSecondMax(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void marksAreCounted() {
    assertThat(loop.count(WorldMark.CLOGGED)).isZero();
    loop.reached(WorldMark.CLOGGED);
    loop.reached(WorldMark.CLOGGED);
    assertThat(loop.count(WorldMark.CLOGGED)).isEqualTo(2);
    assertThat(loop.count(WorldMark.REORDERED)).isZero();
  }

  @Test
  void randomStreamsDoNotDisturbEachOther() {
    long expected = loop.random("disk").next();
    SimRandom network = loop.random("network");
    network.next();
    assertThat(loop.random("disk").next()).isEqualTo(expected).isNotEqualTo(network.next());
  }
}
