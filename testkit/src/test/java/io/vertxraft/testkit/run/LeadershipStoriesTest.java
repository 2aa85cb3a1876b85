package io.vertxraft.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Consistency;
import io.vertxraft.LeaderLease;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftStatus;
import io.vertxraft.testkit.sim.SimCommand;
import io.vertxraft.testkit.sim.SimCommand.Operation;
import io.vertxraft.testkit.sim.SimReply;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole members in virtual time: who leads, and what reads may be told. */
class LeadershipStoriesTest {
  private static final long T = 500;
  private static final int KEY = 0;
  private static final long HOUR_MS = 3_600_000;

  private final SimCluster cluster = new SimCluster(7, 3, options());
  private long sequence;

  private static RaftOptions options() {
    return new RaftOptions().setGroupId("sim").setElectionTimeoutMs(T).setHeartbeatIntervalMs(50);
  }

  private SimNode led() {
    cluster.bootAll();
    cluster.runUntil(
        () -> cluster.leader() != null && cluster.leader().validLeaseTerm() > 0, 10 * T);
    return cluster.leader();
  }

  private SimNode otherThan(SimNode node) {
    return cluster.nodes().stream().filter(other -> other != node).findFirst().orElseThrow();
  }

  private SimNode leaderOtherThan(SimNode node) {
    return cluster.nodes().stream()
        .filter(other -> other != node && other.isLeader())
        .findFirst()
        .orElseThrow();
  }

  private Future<Buffer> put(SimNode node, long value) {
    return node.runtime()
        .apply(new SimCommand(Operation.PUT, 9, ++sequence, KEY, value, 0, 0).encode());
  }

  private void acknowledged(SimNode node, long value) {
    Future<Buffer> put = put(node, value);
    cluster.run(T);
    assertThat(put.succeeded()).as("%s", put.cause()).isTrue();
  }

  private Future<Long> read(SimNode node, Consistency consistency) {
    return node.runtime()
        .read(consistency, new SimCommand(Operation.GET, 9, ++sequence, KEY, 0, 0, 0).encode())
        .map(reply -> SimReply.decode(reply).value());
  }

  private static Rejected.Reason rejection(Future<?> result) {
    assertThat(result.cause()).isInstanceOf(Rejected.class);
    return ((Rejected) result.cause()).reason();
  }

  private RaftStatus status(SimNode node) {
    Future<RaftStatus> status = node.runtime().status();
    cluster.run(1);
    return status.result();
  }

  // --- reads ------------------------------------------------------------------------------------

  @Test
  void everyMemberAnswersALinearizableReadWithWhatWasAcknowledgedBefore() {
    SimNode leader = led();
    acknowledged(leader, 41);
    for (SimNode node : cluster.nodes()) {
      Future<Long> read = read(node, Consistency.LINEARIZABLE);
      Future<Long> byLease = read(node, Consistency.LEASE);
      cluster.run(100);
      assertThat(read.result()).isEqualTo(41);
      assertThat(byLease.result()).isEqualTo(41);
    }
  }

  @Test
  void aLeaseReadTakesNoRoundTripAndALinearizableOneDoes() {
    SimNode leader = led();
    acknowledged(leader, 1);
    cluster.network().partition(new java.util.TreeSet<>(List.of(leader.nodeId())));
    Future<Long> byLease = read(leader, Consistency.LEASE);
    Future<Long> linearizable = read(leader, Consistency.LINEARIZABLE);
    cluster.run(20);
    assertThat(byLease.result()).isEqualTo(1);
    assertThat(linearizable.isComplete()).isFalse();
    cluster.run(3 * T);
    assertThat(rejection(linearizable)).isEqualTo(Rejected.Reason.NOT_LEADER);
  }

  @Test
  void aLeaderThatStoodStillWhileAnotherWasElectedServesNoStaleRead() {
    SimNode old = led();
    acknowledged(old, 1);
    old.machine().freeze(5_000_000_000L);
    Future<Long> byLease = read(old, Consistency.LEASE);
    Future<Long> linearizable = read(old, Consistency.LINEARIZABLE);
    cluster.runUntil(() -> cluster.leaderAmong(List.of(otherThan(old))) != null, 5 * T);
    cluster.run(2 * T);
    SimNode next = leaderOtherThan(old);
    acknowledged(next, 2);
    cluster.run(10_000);
    for (Future<Long> read : List.of(byLease, linearizable)) {
      assertThat(read.isComplete()).isTrue();
      assertThat(read.failed() || read.result() == 2).as("%s", read).isTrue();
    }
    assertThat(old.isLeader()).isFalse();
  }

  @Test
  void aBoundedReadOnACutOffFollowerIsAnsweredOnlyWhileWhatItKnowsIsFreshEnough() {
    SimNode leader = led();
    SimNode follower = otherThan(leader);
    acknowledged(leader, 3);
    Future<Long> first = read(follower, Consistency.LINEARIZABLE);
    cluster.run(50);
    assertThat(first.result()).isEqualTo(3);
    cluster.network().partition(new java.util.TreeSet<>(List.of(follower.nodeId())));
    Future<Long> fresh = read(follower, Consistency.bounded(1_000));
    cluster.run(1_200);
    Future<Long> old = read(follower, Consistency.bounded(1_000));
    Future<Long> local = read(follower, Consistency.LOCAL);
    cluster.run(50);
    assertThat(fresh.result()).isEqualTo(3);
    assertThat(local.result()).isEqualTo(3);
    assertThat(old.succeeded()).isFalse();
  }

  // --- clocks -----------------------------------------------------------------------------------

  @Test
  void wallClocksThatJumpByAnHourCauseNoElection() {
    SimNode leader = led();
    long term = leader.term();
    for (long jump : new long[] {HOUR_MS, -HOUR_MS, -HOUR_MS, HOUR_MS}) {
      cluster.nodes().forEach(node -> node.machine().clock().jumpWall(jump));
      cluster.run(5 * T);
    }
    assertThat(leader.isLeader()).isTrue();
    assertThat(leader.term()).isEqualTo(term);
  }

  @Test
  void aLeaderHasNoLeaseWhileTheClocksOfAQuorumBreakTheBound() {
    SimNode leader = led();
    cluster.nodes().stream()
        .filter(node -> node != leader)
        .forEach(node -> node.machine().clock().setRate(1.3));
    cluster.run(6 * T);
    assertThat(cluster.leader()).isEqualTo(leader);
    assertThat(leader.runtime().leaderLease().getState()).isNotEqualTo(LeaderLease.State.VALID);
    acknowledged(leader, 5);
    Future<Long> read = read(leader, Consistency.LEASE);
    cluster.run(50);
    assertThat(read.result()).as("answered by a round instead").isEqualTo(5);
    assertThat(status(leader).getFollowers()).allMatch(follower -> follower.isClockSuspect());
  }

  // --- three members, then one
  // -------------------------------------------------------------

  @Test
  void theLastOfThreeStopsLeadingInTimeAndTheEntryOfItsPendingCommandMaySurvive() {
    SimNode leader = led();
    acknowledged(leader, 1);
    cluster.nodes().stream().filter(node -> node != leader).forEach(node -> node.machine().crash());
    Future<Buffer> pending = put(leader, 2);
    cluster.run(T + T / 2);
    assertThat(leader.isLeader()).isFalse();
    assertThat(pending.cause()).isInstanceOf(Unknown.class);
    Future<Buffer> refused = put(leader, 3);
    Future<Long> read = read(leader, Consistency.LINEARIZABLE);
    cluster.run(10);
    assertThat(rejection(refused)).isEqualTo(Rejected.Reason.NOT_LEADER);
    assertThat(rejection(read)).isEqualTo(Rejected.Reason.NOT_LEADER);

    cluster.boot(otherThan(leader));
    cluster.runUntil(leader::isLeader, 20 * T);
    cluster.run(T);
    Future<Long> after = read(leader, Consistency.LINEARIZABLE);
    cluster.run(100);
    assertThat(after.result()).as("of the two the old leader has the longest log").isEqualTo(2);
  }

  @Test
  void theEntryOfAPendingCommandIsOverwrittenWhenTheOthersGoOnWithoutIt() {
    SimNode leader = led();
    acknowledged(leader, 1);
    cluster.network().partition(new java.util.TreeSet<>(List.of(leader.nodeId())));
    Future<Buffer> pending = put(leader, 2);
    cluster.run(4 * T);
    assertThat(pending.cause()).isInstanceOf(Unknown.class);
    SimNode next = leaderOtherThan(leader);
    acknowledged(next, 3);
    cluster.network().healAll();
    cluster.runUntil(() -> cluster.hasConverged(), 20 * T);
    for (SimNode node : cluster.nodes()) {
      Future<Long> read = read(node, Consistency.LINEARIZABLE);
      cluster.run(100);
      assertThat(read.result()).isEqualTo(3);
    }
  }

  // --- handing over -----------------------------------------------------------------------------

  @Test
  void aTransferLosesNoCommandAndTakesLessThanAnElectionTimeout() {
    SimNode leader = led();
    SimNode target = otherThan(leader);
    cluster.clients().start(500);
    cluster.run(300);
    Future<Void> transfer = leader.runtime().transferLeadership(target.nodeId());
    cluster.runUntil(transfer::isComplete, T / 2);
    assertThat(transfer.succeeded()).as("%s", transfer.cause()).isTrue();
    assertThat(target.isLeader()).isTrue();
    cluster.run(300);
    cluster.clients().stop();
    cluster.run(11_000);
    assertThat(cluster.clients().history())
        .as("commands in the second around the transfer")
        .noneMatch(
            operation ->
                operation.outcome() == io.vertxraft.testkit.sim.ClientOperation.Outcome.REJECTED);
  }

  @Test
  void aTransferToWhomItCannotGoSaysWhy() {
    SimNode leader = led();
    SimNode dead = otherThan(leader);
    Future<Void> stranger = leader.runtime().transferLeadership("n9");
    Future<Void> itself = leader.runtime().transferLeadership(leader.nodeId());
    Future<Void> fromFollower = dead.runtime().transferLeadership();
    cluster.run(10);
    assertThat(stranger.cause()).hasMessageContaining("'n9' is not another member");
    assertThat(itself.cause()).hasMessageContaining("not another member");
    assertThat(rejection(fromFollower)).isEqualTo(Rejected.Reason.NOT_LEADER);
    dead.machine().crash();
    cluster.run(2 * T);
    Future<Void> toTheDead = leader.runtime().transferLeadership(dead.nodeId());
    cluster.run(10);
    assertThat(toTheDead.cause()).hasMessageContaining(dead.nodeId() + " does not answer");
    assertThat(leader.isLeader()).isTrue();
  }

  @Test
  void aLeaderThatIsClosedHandsOverFirst() {
    SimNode leader = led();
    Future<Void> closed = leader.runtime().close();
    cluster.runUntil(
        () -> cluster.nodes().stream().anyMatch(node -> node != leader && node.isLeader()), T / 2);
    cluster.run(50);
    assertThat(closed.succeeded()).isTrue();
    SimNode next = leaderOtherThan(leader);
    assertThat(next.term()).isEqualTo(leader.term());
  }

  @Test
  void theMemberThatIsWantedMostLeadsAndAnotherOneDoesWhenItIsGone() {
    SimCluster preferring = new SimCluster(3, List.of(1, 1, 5), options());
    preferring.bootAll();
    preferring.runUntil(() -> preferring.leader() != null, 10 * T);
    assertThat(preferring.leader().nodeId()).isEqualTo("n3");
    preferring.node("n3").machine().crash();
    assertThat(
            preferring.runUntil(
                () ->
                    preferring.nodes().stream()
                        .anyMatch(node -> node.isRunning() && node.isLeader()),
                10 * T))
        .isTrue();
  }

  // --- a disk that does not answer (R-19) -------------------------------------------------------

  @Test
  void aLeaderWhoseDiskStallsHandsOverAndSaysWhyAndCommandsGoOn() {
    SimNode leader = led();
    acknowledged(leader, 1);
    leader.machine().disk().stall(60_000_000_000L);
    put(leader, 2);
    cluster.run(4 * T);
    assertThat(leader.isLeader()).isFalse();
    assertThat(status(leader).getRoleCause()).isNotEmpty();
    SimNode next = leaderOtherThan(leader);
    acknowledged(next, 3);
  }

  // --- damage -----------------------------------------------------------------------------------

  @Test
  void aDamagedMemberIsSeenAsSuchAndIsWholeAgainByItself() {
    SimNode leader = led();
    for (int i = 1; i <= 5; i++) {
      acknowledged(leader, i);
    }
    SimNode victim = otherThan(leader);
    victim.machine().disk().opensDamaged(true);
    victim.machine().disk().flipBit("sim", 3, cluster.world().loop().random("damage"));
    victim.machine().crash();
    cluster.boot(victim);
    cluster.run(5);
    assertThat(status(victim).getDamage()).isNotEmpty();
    cluster.clients().start(50);
    assertThat(
            cluster.runUntil(
                () -> victim.isRunning() && status(victim).getDamage() == null, 20 * T))
        .isTrue();
    cluster.clients().stop();
    assertThat(cluster.runUntil(() -> cluster.hasConverged(), 20 * T)).isTrue();
  }
}
