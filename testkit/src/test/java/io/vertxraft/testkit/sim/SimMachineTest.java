package io.vertxraft.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftScheduler.Timer;
import io.vertxraft.spi.StorageWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Processes that stop in the middle of something, and clocks that do not keep time. */
class SimMachineTest extends NetworkFixture {
  private final SimLoop loop = world.loop();
  private final SimMachine machine = world.machine("n1");
  private final EntryCodec codec = new EntryCodec("g");
  private final List<Object> seen = new ArrayList<>();
  private static final GroupIdentity IDENTITY = new GroupIdentity("cluster", "g", "n1");
  private GroupStorage group;

  private StorageWrite append(long index) {
    return new StorageWrite(
        null, 0, List.of(codec.encode(index, 1, EntryType.COMMAND, new byte[8])));
  }

  private void openStorage() {
    SimMachine.Life life = machine.life();
    life.storage()
        .open(IDENTITY, life.scheduler())
        .onSuccess(opened -> group = opened)
        .onFailure(seen::add);
    run(50);
  }

  /** A turn as a node has it: it writes, and goes on in every way a node can. */
  private void turn(SimContext client) {
    SimMachine.Life life = machine.life();
    SimScheduler node = life.scheduler();
    node.execute(
        () -> {
          endpoints.get("n1").send("n2", heartbeat(1));
          Future<Void> written = group.write(append(1));
          written.onComplete(done -> seen.add("written"));
          endpoints.get("n1").send("n2", heartbeat(2));
          endpoints.get("n1").send("n3", heartbeat(2));
          node.execute(() -> seen.add("task"));
          node.schedule(MS, () -> seen.add("timer"));
          client.execute(() -> seen.add("reply to a client"));
          group.write(append(2)).onComplete(done -> seen.add("second write"));
          group.read(1, 1, 1).onComplete(done -> seen.add("read"));
          group.close().onComplete(done -> seen.add("group closed"));
          life.storage().close().onComplete(done -> seen.add("storage closed"));
          endpoints.get("n1").close().onComplete(done -> seen.add("endpoint closed"));
          life.transport().close().onComplete(done -> seen.add("transport closed"));
        });
  }

  @Test
  void aProcessThatDiesInsideAStorageCallDoesNothingMore() {
    for (StorageCallMoment moment : StorageCallMoment.values()) {
      openStorage();
      SimContext client = world.clientContext("client " + moment);
      inbox.values().forEach(List::clear);
      turn(client);
      machine.crashAtStorageCall(1, moment);
      assertThat(machine.isUp()).isTrue();
      run(1_000);
      assertThat(machine.isUp()).isFalse();
      assertThat(seen).isEmpty();
      assertThat(inbox.get("n2")).as("sent before the write").containsExactly(heartbeat(1));
      assertThat(inbox.get("n3")).isEmpty();
      client.execute(() -> seen.add("the client lives"));
      run(1);
      assertThat(seen).containsExactly("the client lives");
      seen.clear();
      boot("n1");
    }
    assertThat(loop.count(WorldMark.CRASH_INSIDE_STORAGE_CALL)).isEqualTo(2);
  }

  @Test
  void aWriteWhoseCallWasCutOffAtTheStartIsLostAndAnAcceptedOneMaySurvive() {
    for (StorageCallMoment moment : StorageCallMoment.values()) {
      TreeSet<Long> lastIndexes = new TreeSet<>();
      for (int round = 0; round < 30; round++) {
        openStorage();
        long before = group.recovered().lastIndex();
        machine.crashAtStorageCall(1, moment);
        machine.life().scheduler().execute(() -> group.write(append(before + 1)));
        run(10);
        boot("n1");
        openStorage();
        lastIndexes.add(group.recovered().lastIndex() - before);
        machine.kill();
        boot("n1");
      }
      if (moment == StorageCallMoment.START) {
        assertThat(lastIndexes).containsExactly(0L);
      } else {
        assertThat(lastIndexes).containsExactly(0L, 1L);
      }
    }
  }

  @Test
  void thePowerGoesAtTheCallThatWasNamedAndOnlyThere() {
    machine.crashAtStorageCall(3, StorageCallMoment.ACCEPTED);
    openStorage();
    group.write(append(1));
    run(10);
    assertThat(machine.isUp()).isTrue();
    group.read(1, 1, 1).onComplete(done -> seen.add("read"));
    assertThat(machine.isUp()).isFalse();
    run(100);
    assertThat(seen).isEmpty();

    boot("n1");
    machine.crashAtStorageCall(1, StorageCallMoment.START);
    openStorage();
    assertThat(machine.isUp()).as("opening is a call, too").isFalse();

    boot("n1");
    openStorage();
    machine.crashAtStorageCall(1, StorageCallMoment.START);
    machine.cancelStorageCrash();
    group.write(append(2));
    run(100);
    assertThat(machine.isUp()).isTrue();
    assertThatThrownBy(() -> machine.crashAtStorageCall(0, StorageCallMoment.START))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDeadProcessCannotStartTheNextOne() {
    machine
        .life()
        .scheduler()
        .execute(
            () -> {
              machine.crash();
              assertThatThrownBy(machine::boot)
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("SimLoop.after");
              loop.after(0, () -> seen.add(machine.boot().number()));
            });
    run(1);
    assertThat(seen).containsExactly(2);
  }

  @Test
  void afterAFreezeAllThatCameMeanwhileIsDeliveredBeforeAnythingNew() {
    SimScheduler node = machine.life().scheduler();
    node.schedule(5 * MS, () -> seen.add("timer"));
    loop.after(60_000 * MS, () -> node.execute(() -> seen.add("new, at the very end")));
    machine.freeze(60_000 * MS);
    network.link("n2", "n1").mode(LinkMode.CONNECTION);
    send("n2", "n1", 3);
    node.execute(
        () -> {
          seen.add("task");
          node.execute(() -> seen.add("what the task asks for"));
        });
    run(59_999);
    assertThat(node.isFrozen()).isTrue();
    assertThat(seen).isEmpty();
    assertThat(inbox.get("n1")).isEmpty();
    run(2);
    assertThat(seen)
        .containsExactly("task", "timer", "new, at the very end", "what the task asks for");
    assertThat(inbox.get("n1")).containsExactly(heartbeat(1), heartbeat(2), heartbeat(3));
    assertThat(loop.count(WorldMark.FROZEN_FOR_A_SECOND)).isEqualTo(1);
  }

  @Test
  void aProcessFrozenAgainWhileItCatchesUpWaitsForTheSecondThaw() {
    SimScheduler node = machine.life().scheduler();
    machine.freeze(10 * MS);
    node.execute(
        () -> {
          seen.add("first");
          machine.freeze(10 * MS);
        });
    node.execute(() -> seen.add("second"));
    run(15);
    assertThat(seen).containsExactly("first");
    run(10);
    assertThat(seen).containsExactly("first", "second");
  }

  @Test
  void aClockThatChangesItsRateTakesTheRunningTimersAlong() {
    SimScheduler node = machine.life().scheduler();
    long start = node.nanoTime();
    for (long ms : new long[] {300, 100, 200}) {
      node.schedule(ms * MS, () -> seen.add(ms + " at " + loop.nowNanos() / MS));
    }
    Timer cancelled = node.schedule(150 * MS, () -> seen.add("cancelled"));
    run(50);
    machine.clock().setRate(2);
    run(26);
    assertThat(seen).containsExactly("100 at 75");
    machine.clock().setRate(0.5);
    cancelled.cancel();
    run(1_000);
    assertThat(seen).containsExactly("100 at 75", "200 at 272", "300 at 472");
    assertThat(node.nanoTime() - start).isEqualTo((50 + 52 + 500) * MS);
    assertThat(loop.count(WorldMark.CLOCK_RATE_CHANGED)).isEqualTo(2);
  }

  @Test
  void aWallClockThatGoesBackIsMarked() {
    machine.clock().jumpWall(5_000);
    assertThat(loop.count(WorldMark.WALL_CLOCK_SET_BACK)).isZero();
    machine.clock().jumpWall(-10_000);
    assertThat(loop.count(WorldMark.WALL_CLOCK_SET_BACK)).isEqualTo(1);
    assertThat(machine.clock().wallMillis()).isEqualTo(NodeClock.WALL_START_MS - 5_000);
  }
}
