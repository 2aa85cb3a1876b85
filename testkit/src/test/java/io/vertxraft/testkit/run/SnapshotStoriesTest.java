package io.vertxraft.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.SnapshotResult;
import io.vertxraft.SnapshotStatus;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.testkit.sim.MessageKind;
import io.vertxraft.testkit.sim.MessageRule;
import io.vertxraft.testkit.sim.SnapshotFault;
import io.vertxraft.testkit.sim.StorageCallMoment;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole members in virtual time, their snapshots, and what happens to them. */
class SnapshotStoriesTest {
  private static final int SMALL = 4_000;
  private static final int LARGE = 200_000;
  private static final long SLOW_BYTES_PER_SECOND = 100_000;
  private static final int CUTS = 4;

  private final SnapshotGroup group = new SnapshotGroup(SnapshotGroup.byHand());
  private final SimCluster cluster = group.cluster;
  private final SimNode n1 = group.n1;
  private final SimNode n2 = group.n2;
  private final SimNode n3 = group.n3;

  private long sent(MessageKind kind) {
    return cluster.network().statistics().sent(kind);
  }

  private void slowLinks() {
    cluster.network().eachLink(link -> link.bytesPerSecond(SLOW_BYTES_PER_SECOND));
  }

  // --- saves that fail --------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(names = {"SHORT_WRITE", "NO_ROOM", "SYNC_ERROR", "READ_ERROR"})
  void threeSavesThatFailAndARestartCostNothingAndCutNothing(SnapshotFault fault) {
    group.begin();
    for (int i = 0; i < 3; i++) {
      group.put(10, 200);
      n2.machine().disk().failNextSnapshotStep(fault);
      Future<SnapshotResult> save = n2.runtime().snapshot();
      group.until(save::isComplete);
      assertThat(save.failed()).isTrue();
      assertThat(n2.log().firstIndex()).isEqualTo(1);
    }

    group.crashAndRestart(n2);
    group.converge();

    assertThat(n2.disk().log().firstIndex()).isEqualTo(1);
    assertThat(sent(MessageKind.INSTALL_SNAPSHOT)).isZero();
    group.cutLogsOf(SMALL, n2);
    assertThat(n2.log().firstIndex()).as("with two that are good").isGreaterThan(1);
  }

  @Test
  void aMemberWhoseSavesAllFailIsLedAndServesOnAndItsLogIsWhole() {
    group.begin();
    n3.saving(0, 1);
    group.crashAndRestart(n3);
    group.converge();
    Future<SnapshotResult> hangs = n3.runtime().snapshot();
    group.put(50, 200);
    group.converge();

    assertThat(hangs.isComplete()).isFalse();
    assertThat(group.snapshots(n3).getActivity()).isEqualTo(SnapshotActivity.SAVING);
    assertThat(n3.log().firstIndex()).isEqualTo(1);
  }

  // --- fetching ---------------------------------------------------------------------------------

  @Test
  void aLinkThatIsCutSeveralTimesCostsHardlyAByteMore() {
    group.begin();
    SnapshotResult newest = group.leaveBehind(LARGE);
    slowLinks();
    group.comeBack();
    for (int i = 1; i <= CUTS; i++) {
      group.untilFetched(i * newest.getBytes() / (CUTS + 1));
      cluster.network().cut("n1", "n3");
      cluster.run(2 * SnapshotGroup.T);
      cluster.network().healAll();
    }
    group.converge();

    assertThat(group.snapshots(n3).getInstalled()).isEqualTo(1);
    long sent = group.snapshots(n1).getSentBytes() + group.snapshots(n2).getSentBytes();
    assertThat(sent).isBetween(newest.getBytes(), newest.getBytes() * 11 / 10);
  }

  @Test
  void whenTheLeaderChangesUnderWayTheNextOneGoesOnFromWhatIsThere() {
    group.begin();
    SnapshotResult newest = group.leaveBehind(LARGE);
    slowLinks();
    group.comeBack();
    group.untilFetched(newest.getBytes() / 2);
    long before = n3.appliedIndex();
    n1.machine().crash();
    group.elect(n2);

    assertThat(n3.appliedIndex()).as("nothing is loaded by halves").isEqualTo(before);
    assertThat(n3.snapshots().newestIndex()).isZero();
    assertThat(group.bytesFetched()).isGreaterThanOrEqualTo(newest.getBytes() / 2);

    group.until(() -> n3.commitIndex() >= newest.getLastIndex());
    long fetchedFromNext = group.snapshots(n2).getSentBytes();
    assertThat(fetchedFromNext).isLessThan(newest.getBytes() * 6 / 10);
    SnapshotStatus fetched = group.snapshots(n3);
    assertThat(fetched.getReceivedBytes()).isLessThan(newest.getBytes() * 11 / 10);
    cluster.boot(n1);
    group.converge();
  }

  @Test
  void aTransferUnderWayEndsTheDownloadAndTheNewLeadersGoesOn() {
    group.begin();
    SnapshotResult newest = group.leaveBehind(LARGE);
    slowLinks();
    group.comeBack();
    group.untilFetched(newest.getBytes() / 2);
    Future<Void> transfer = n1.runtime().transferLeadership("n2");
    group.until(transfer::isComplete);
    assertThat(transfer.succeeded()).as("%s", transfer.cause()).isTrue();
    group.converge();

    assertThat(group.snapshots(n2).getSentBytes()).isPositive();
    assertThat(group.snapshots(n3).getReceivedBytes()).isLessThan(newest.getBytes() * 11 / 10);
  }

  @Test
  void ifTheLeaderIsToBeSparedAnotherFollowerGivesTheSnapshot() {
    SnapshotGroup sparing = new SnapshotGroup(SnapshotGroup.byHand().setFromFollowers(true));
    sparing.begin();
    SnapshotResult newest = sparing.leaveBehind(LARGE);
    sparing.comeBack();
    sparing.converge();

    assertThat(sparing.snapshots(sparing.n1).getSentBytes()).isZero();
    assertThat(sparing.snapshots(sparing.n2).getSentBytes()).isGreaterThan(newest.getBytes());
    assertThat(sparing.snapshots(sparing.n3).getInstalled()).isEqualTo(1);
  }

  @Test
  void aLateCopyOfAnOldOfferChangesNothing() {
    group.begin();
    group.leaveBehind(SMALL);
    MessageRule late = cluster.network().hold(InstallSnapshot.class).to("n3").times(1);
    group.comeBack();
    group.until(() -> late.heldCount() == 1);
    group.converge();
    group.put(5, 100);
    group.converge();
    long last = n3.lastIndex();
    long asked = sent(MessageKind.SNAPSHOT_REQUEST);
    late.release();
    cluster.run(2_000);

    assertThat(sent(MessageKind.SNAPSHOT_REQUEST)).isEqualTo(asked);
    assertThat(n3.lastIndex()).isEqualTo(last);
    assertThat(n3.isRunning()).isTrue();
    group.converge();
  }

  @Test
  void whatIsDamagedOnItsSourceWhileItIsFetchedIsNotInstalled() {
    group.begin();
    SnapshotResult newest = group.leaveBehind(LARGE);
    slowLinks();
    group.comeBack();
    group.untilFetched(newest.getBytes() / 2);
    n1.snapshots().get(newest.getLastIndex()).flip("application/content", 8L * LARGE * 3 / 4);
    n1.snapshots().noteDamage();
    group.until(() -> group.snapshots(n3).getLastFailure() != null);
    assertThat(n3.snapshots().newestIndex()).isZero();

    // What n1 holds open it has verified once; it looks again, and finds out.
    group.until(() -> n3.commitIndex() >= newest.getLastIndex());
    group.converge();
  }

  // --- crashes ----------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void aFollowerThatCrashesAtAnyStepOfAnInstallStartsWhole(StorageCallMoment moment) {
    int steps =
        crashes((node, step) -> node.machine().crashAtSnapshotStep(step, moment), moment.name());

    assertThat(steps).as("steps of an install").isGreaterThan(8);
  }

  @ParameterizedTest
  @EnumSource
  void aFollowerThatCrashesAtAnyChangeOfItsLogDuringAnInstallStartsWhole(StorageCallMoment moment) {
    int calls =
        crashes((node, call) -> node.machine().crashAtStorageCall(call, moment), moment.name());

    assertThat(calls).as("calls of storage during an install").isGreaterThan(1);
  }

  /** Crashes n3 at the first, second, ... moment of an install; returns how many there are. */
  private static int crashes(BiConsumer<SimNode, Integer> order, String what) {
    int crashed = 0;
    boolean done = false;
    while (!done) {
      SnapshotGroup small = new SnapshotGroup(SnapshotGroup.byHand());
      small.begin();
      small.leaveBehind(SMALL);
      order.accept(small.n3, crashed + 1);
      small.comeBack();
      small.until(() -> !small.n3.machine().isUp() || small.cluster.hasConverged());
      done = small.n3.machine().isUp();
      if (!done) {
        crashed++;
        small.cluster.run(50);
        small.cluster.boot(small.n3);
      }
      small.n3.machine().cancelStorageCrash();
      small.converge();
      assertThat(small.n3.isRunning()).as("%s, crash %d", what, crashed).isTrue();
    }
    return crashed;
  }

  @Test
  void aFollowerThatCrashesWhileItLoadsStartsWhole() {
    n3.saving(2_000 * SnapshotGroup.MS, 0);
    group.begin();
    SnapshotResult newest = group.leaveBehind(SMALL);
    group.comeBack();
    group.until(() -> n3.commitIndex() >= newest.getLastIndex());
    assertThat(group.snapshots(n3).getActivity()).isEqualTo(SnapshotActivity.LOADING);

    group.crashAndRestart(n3);
    group.converge();
    assertThat(n3.log().firstIndex()).isEqualTo(newest.getLastIndex() + 1);
  }

  // --- what happens at the same time ------------------------------------------------------------

  @Test
  void anInstallTakesThePlaceOfASaveThatIsUnderWay() {
    n3.saving(0, 1);
    group.begin();
    Future<SnapshotResult> save = n3.runtime().snapshot();
    SnapshotResult newest = group.leaveBehind(SMALL);
    assertThat(save.isComplete()).as("it never ends by itself").isFalse();
    group.comeBack();
    group.until(() -> n3.appliedIndex() >= newest.getLastIndex());

    assertThat(save.failed()).isTrue();
    assertThat(save.cause()).hasMessageContaining("n1").hasMessageContaining("takes its place");
    group.converge();
  }

  @Test
  void aSnapshotWaitsForTheBatchThatASlowStateMachineIsApplying() {
    cluster.stateMachines(
        nodeId ->
            group.remembered(
                nodeId,
                nodeId.equals("n3")
                    ? new BlobStateMachine(cluster.world().loop(), 4_000 * SnapshotGroup.MS)
                    : new BlobStateMachine()));
    group.begin();
    group.put(1, 100);
    group.until(() -> n3.commitIndex() == n1.commitIndex());
    long applied = n3.appliedIndex();
    SnapshotResult newest = group.leaveBehind(SMALL);
    group.comeBack();
    group.until(() -> n3.snapshots().newestIndex() == newest.getLastIndex());
    assertThat(n3.appliedIndex()).as("the batch is being applied").isEqualTo(applied);
    group.converge();

    assertThat(group.snapshots(n3).getInstalled()).isEqualTo(1);
  }

  @Test
  void oneInstallIsEnoughHoweverFastWritesGoOn() {
    RaftOptions options =
        new RaftOptions()
            .setGroupId("sim")
            .setElectionTimeoutMs(SnapshotGroup.T)
            .setHeartbeatIntervalMs(50)
            .setSnapshots(
                SnapshotGroup.byHand().setEntries(10).setChunkBytes(64).setChunksInFlightMax(1));
    SimCluster busy = new SimCluster(5, 3, options);
    busy.bootAll();
    busy.runUntil(() -> busy.leader() != null, 10_000);
    SimNode leader = busy.leader();
    SimNode lagging = busy.nodes().stream().filter(n -> n != leader).findFirst().orElseThrow();
    busy.network().eachLink(link -> link.delay(5 * SnapshotGroup.MS));
    busy.clients().start(150);
    busy.network().isolate(lagging.nodeId());
    busy.run(3_000);
    long needed = leader.log().firstIndex();
    assertThat(needed).isGreaterThan(lagging.lastIndex() + 1);
    busy.network().healAll();
    busy.run(5_000);

    assertThat(lagging.snapshots().newestIndex()).isGreaterThan(needed);
    assertThat(leader.commitIndex() - lagging.appliedIndex()).isLessThan(50);
    Future<RaftStatus> status = lagging.runtime().status();
    busy.run(1);
    assertThat(status.result().getSnapshots().getInstalled()).isEqualTo(1);
    busy.clients().stop();
    assertThat(busy.runUntil(busy::hasConverged, 10_000)).isTrue();
    busy.finish();
  }

  // --- damage, and members that have nothing ----------------------------------------------------

  @Test
  void aDamagedSnapshotGivesWayToTheOneBeforeAndTheLog() {
    group.begin();
    SnapshotResult newest = group.cutLogsOf(SMALL, n3);
    group.put(5, 100);
    group.converge();
    long begins = n3.log().firstIndex();
    n3.machine().crash();
    SnapshotGroup.damage(n3, newest.getLastIndex());
    cluster.boot(n3);
    group.converge();

    assertThat(sent(MessageKind.INSTALL_SNAPSHOT)).isZero();
    assertThat(n3.log().firstIndex()).isEqualTo(begins);
    assertThat(group.snapshots(n3).getKept()).doesNotContain(newest.getLastIndex());
    assertThat(group.snapshots(n3).getLastFailure()).contains("" + newest.getLastIndex());
  }

  @Test
  void aMemberWhoseSnapshotsAreAllDamagedIsGivenEverythingByTheOthers() {
    group.begin();
    group.cutLogsOf(SMALL, n1, n2, n3);
    group.put(5, 100);
    group.converge();
    n3.machine().crash();
    n3.snapshots().list().forEach(kept -> SnapshotGroup.damage(n3, kept.lastIndex()));
    cluster.boot(n3);
    group.until(() -> n3.isRunning() && group.status(n3).getDamage() != null);
    group.converge();

    assertThat(group.snapshots(n3).getInstalled()).isEqualTo(1);
    group.put(1, 100);
    group.until(() -> group.status(n3).getDamage() == null);
    group.converge();
  }

  @Test
  void aMemberThatHasNothingAtAllIsGivenASnapshotAndWhatFollows() {
    cluster.boot(n1);
    cluster.boot(n2);
    group.letLead(n1);
    SnapshotResult newest = group.cutLogsOf(SMALL, n1, n2);
    group.put(5, 100);
    cluster.boot(n3);
    group.converge();

    assertThat(n3.log().firstIndex()).isEqualTo(newest.getLastIndex() + 1);
    assertThat(n3.snapshots().newestIndex()).isEqualTo(newest.getLastIndex());
    assertThat(group.snapshots(n3).getInstalled()).isEqualTo(1);
  }
}
