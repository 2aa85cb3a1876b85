package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.TimeoutNow;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import org.junit.jupiter.api.Test;

/** Who may vote and lead: promises, priorities, slow and full disks, damage. */
class FitnessTest {
  private final CoreCluster cluster = new CoreCluster("n1", "n2", "n3");

  private void keepLeading(String id, int rounds) {
    for (int i = 0; i < rounds; i++) {
      cluster.advance(6 * CoreCluster.HEARTBEAT);
      cluster.timeOut(id);
      cluster.settle();
    }
  }

  private static CoreCluster.Packet ask(String from, String to, long term) {
    return new CoreCluster.Packet(from, to, VoteRequest.of(term, 99, 99));
  }

  // --- the promise (R-37) -----------------------------------------------------------------------

  @Test
  void aPromiseOutlivesAChangeOfTermThatALateMessageBrings() {
    cluster.elect("n1");
    CoreCluster.Node n2 = cluster.node("n2");
    n2.receive(new CoreCluster.Packet("n3", "n2", new VoteReply(7, false)));
    assertThat(n2.core.term()).isEqualTo(7);
    assertThat(n2.core.leaderId()).isNull();

    n2.receive(ask("n3", "n2", 8));
    n2.sync();

    assertThat(n2.core.term()).isEqualTo(7);
    assertThat(cluster.network())
        .contains(new CoreCluster.Packet("n2", "n3", new VoteReply(7, false)));
  }

  @Test
  void aMemberThatComesUpVotesForNobodyUntilItsForgottenPromiseHasEnded() {
    cluster.elect("n1");
    CoreCluster.Node n2 = cluster.node("n2");
    n2.crashAndRestart();

    n2.receive(ask("n3", "n2", 5));
    assertThat(n2.core.votedFor()).isEqualTo("n1");
    cluster.advance(CoreCluster.ELECTION_TIMEOUT);
    n2.receive(ask("n3", "n2", 5));
    assertThat(n2.core.votedFor()).isEqualTo("n3");
  }

  @Test
  void aMemberThatHasNeverTakenPartInAnElectionVotesAtOnce() {
    cluster.node("n2").receive(ask("n3", "n2", 1));
    assertThat(cluster.node("n2").core.votedFor()).isEqualTo("n3");
  }

  @Test
  void aVoteThatTheLeaderHasAskedForIsGivenInSpiteOfThePromise() {
    cluster.elect("n1");
    CoreCluster.Node n2 = cluster.node("n2");
    n2.receive(new CoreCluster.Packet("n3", "n2", new VoteRequest(2, 99, 99, true)));
    assertThat(n2.core.votedFor()).isEqualTo("n3");
  }

  // --- priorities (R-35) ------------------------------------------------------------------------

  @Test
  void aMemberLetsOneTimeoutPassForEachHigherPriority() {
    cluster.priority("n1", 3).priority("n2", 2).priority("n3", 1);
    CoreCluster.Node n3 = cluster.node("n3");
    cluster.timeOut("n3");
    cluster.timeOut("n3");
    assertThat(n3.core.roleKind()).isEqualTo(RoleKind.FOLLOWER);
    cluster.timeOut("n3");
    assertThat(n3.core.roleKind()).isEqualTo(RoleKind.PRE_CANDIDATE);
    cluster.timeOut("n1");
    assertThat(cluster.node("n1").core.roleKind()).isEqualTo(RoleKind.PRE_CANDIDATE);
  }

  @Test
  void priorityZeroNeverCampaignsAndIsNoTargetOfATransfer() {
    cluster.priority("n3", 0);
    for (int i = 0; i < 10; i++) {
      cluster.timeOut("n3");
    }
    assertThat(cluster.node("n3").core.roleKind()).isEqualTo(RoleKind.FOLLOWER);
    cluster.elect("n1");
    assertThat(cluster.node("n1").core.leadership().transfer("n3", cluster.now()))
        .contains("priority 0");
  }

  @Test
  void theFittestIsTheOneWithThePriorityThenTheOneWithTheLog() {
    cluster.priority("n1", 3).priority("n2", 2);
    cluster.elect("n1");
    assertThat(cluster.node("n1").core.leadership().transfer(null, cluster.now())).isNull();
    assertThat(cluster.node("n1").core.leadership().transferTarget()).isEqualTo("n2");
  }

  // --- a disk that does not answer (R-19) -------------------------------------------------------

  @Test
  void aLeaderWhoseDiskDoesNotAnswerStopsLeadingAndAsksTheFittestToCampaign() {
    cluster.elect("n1");
    CoreCluster.Node n1 = cluster.node("n1");
    n1.propose("stuck");
    // The others answer, n1's own write does not complete.
    for (int i = 0; i < 2; i++) {
      cluster.advance(7 * CoreCluster.HEARTBEAT);
      n1.core.tick(cluster.now());
      n1.endTurn();
      cluster.deliver(packet -> true);
      cluster.node("n2").sync();
      cluster.node("n3").sync();
      cluster.deliver(packet -> true);
    }
    cluster.advance(7 * CoreCluster.HEARTBEAT);
    n1.core.tick(cluster.now());
    n1.endTurn();

    assertThat(n1.core.isLeader()).isFalse();
    assertThat(n1.notices)
        .anySatisfy(
            notice ->
                assertThat(notice)
                    .isInstanceOfSatisfying(
                        Effects.RoleChanged.class,
                        change -> assertThat(change.cause()).contains("not finished a write")));
    assertThat(cluster.network()).anyMatch(packet -> packet.message() instanceof TimeoutNow);
    cluster.timeOut("n1");
    assertThat(n1.core.roleKind()).as("does not campaign").isEqualTo(RoleKind.FOLLOWER);
  }

  @Test
  void aLeaderWhoseDiskIsBusyButFinishesWritesLeadsOn() {
    cluster.elect("n1");
    CoreCluster.Node n1 = cluster.node("n1");
    n1.propose("first");
    n1.propose("second");
    n1.propose("third");
    n1.propose("fourth");
    // One write ends, the next comes: the oldest one is always older than the limit.
    for (int i = 0; i < 8; i++) {
      n1.propose("more " + i);
      cluster.advance(7 * CoreCluster.HEARTBEAT);
      n1.syncOne();
      n1.core.tick(cluster.now());
      n1.endTurn();
      cluster.deliver(packet -> true);
      cluster.node("n2").sync();
      cluster.node("n3").sync();
      cluster.deliver(packet -> true);
    }
    assertThat(n1.core.fitness().oldestWriteAge(cluster.now()))
        .isGreaterThan(3 * 7 * CoreCluster.HEARTBEAT);
    assertThat(n1.core.isLeader()).isTrue();
  }

  // --- a disk that is short of room -------------------------------------------------------------

  @Test
  void aFollowerShortOfRoomTakesNoEntriesButStillFollowsAndVotes() {
    cluster.elect("n1");
    CoreCluster.Node n2 = cluster.node("n2");
    n2.core.roomChanged(true, cluster.now());
    cluster.node("n1").propose("a");
    cluster.settle();

    assertThat(n2.core.log().lastIndex()).isEqualTo(1);
    assertThat(cluster.node("n1").core.commitIndex()).isEqualTo(2);
    keepLeading("n1", 1);
    assertThat(n2.core.leaderId()).isEqualTo("n1");

    n2.core.roomChanged(false, cluster.now());
    keepLeading("n1", 3);
    assertThat(n2.core.commitIndex()).isEqualTo(2);
  }

  @Test
  void aLeaderShortOfRoomMakesWayForAMemberThatHasSome() {
    cluster.elect("n1");
    keepLeading("n1", 1);
    CoreCluster.Node n1 = cluster.node("n1");
    n1.core.roomChanged(true, cluster.now());
    n1.endTurn();
    cluster.settle();
    assertThat(n1.core.isLeader()).isFalse();
    assertThat(n1.core.leaderId()).isIn("n2", "n3");
  }

  // --- damage -----------------------------------------------------------------------------------

  /** n2 has confirmed 2 entries to n1, its leader of term 1, and comes up without the second. */
  private CoreCluster.Node damagedMember() {
    cluster.elect("n1");
    cluster.node("n1").propose("a");
    cluster.settle();
    CoreCluster.Node n2 = cluster.node("n2");
    n2.crash();
    n2.disk.remove(1);
    n2.damaged = true;
    n2.restart();
    return n2;
  }

  @Test
  void aDamagedMemberVotesForNobodyAndDoesNotCampaign() {
    CoreCluster.Node n2 = damagedMember();
    cluster.advance(2 * CoreCluster.ELECTION_TIMEOUT);
    n2.receive(new CoreCluster.Packet("n3", "n2", new PreVoteRequest(2, 99, 99)));
    n2.receive(ask("n3", "n2", 2));
    n2.sync();
    assertThat(cluster.network())
        .contains(
            new CoreCluster.Packet("n2", "n3", new PreVoteReply(1, 2, false)),
            new CoreCluster.Packet("n2", "n3", new VoteReply(2, false)));
    for (int i = 0; i < 5; i++) {
      cluster.timeOut("n2");
    }
    assertThat(n2.core.roleKind()).isEqualTo(RoleKind.FOLLOWER);
    assertThat(n2.core.fitness().isDamaged()).isTrue();
  }

  @Test
  void aLeaderWhoseTermKnowsConfirmationsOfTheDamagedMemberGivesItUp() {
    damagedMember();
    keepLeading("n1", 1);
    assertThat(cluster.node("n1").core.isLeader()).isFalse();
    assertThat(cluster.node("n1").notices)
        .anyMatch(
            notice ->
                notice instanceof Effects.RoleChanged change
                    && change.cause().contains("lost entries"));
  }

  @Test
  void inALaterTermTheDamagedMemberIsNotCountedUntilItHoldsAllThatIsCommitted() {
    CoreCluster.Node n2 = damagedMember();
    keepLeading("n1", 1);
    cluster.advance(CoreCluster.ELECTION_TIMEOUT);
    cluster.cut(packet -> packet.to().equals("n2") && packet.message() instanceof AppendEntries);
    cluster.elect("n1");
    CoreCluster.Node n1 = cluster.node("n1");
    assertThat(n1.core.term()).isEqualTo(2);
    keepLeading("n1", 1);
    assertThat(n2.core.fitness().isDamaged()).as("has not got anything yet").isTrue();

    cluster.heal();
    cluster.cut(packet -> packet.from().equals("n3") || packet.to().equals("n3"));
    n1.propose("b");
    cluster.settle();
    assertThat(n1.core.commitIndex()).as("n2 does not count").isEqualTo(3);

    cluster.heal();
    keepLeading("n1", 4);
    assertThat(n2.core.fitness().isDamaged()).isFalse();
    assertThat(n2.notices).anyMatch(notice -> notice instanceof Effects.Healed);
    assertThat(n1.core.commitIndex()).isEqualTo(4);
    assertThat(n1.core.followers()).noneMatch(Progress::isDamaged);
  }

  @Test
  void aHealingHeartbeatOfTheTermOfTheDamageHealsNothing() {
    CoreCluster.Node n2 = damagedMember();
    n2.receive(
        new CoreCluster.Packet(
            "n1", "n2", new io.vertxraft.protocol.Heartbeat(1, 1, 1, cluster.now(), 1)));
    assertThat(n2.core.fitness().isDamaged()).isTrue();
    assertThat(cluster.network())
        .anyMatch(
            packet -> packet.message() instanceof HeartbeatReply reply && reply.damagedTerm() == 1);
  }
}
