package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import org.junit.jupiter.api.Test;

/** Stories of elections. */
class ElectionTest {
  private final CoreCluster cluster = new CoreCluster("n1", "n2", "n3");

  @Test
  void theFirstToTimeOutIsElectedAndReadyOnceItsNoOpIsApplied() {
    cluster.timeOut("n1");
    assertThat(cluster.node("n1").core.roleKind()).isEqualTo(RoleKind.PRE_CANDIDATE);
    cluster.settle();

    RaftCore leader = cluster.node("n1").core;
    assertThat(leader.isLeader()).isTrue();
    assertThat(leader.term()).isEqualTo(1);
    assertThat(leader.commitIndex()).isEqualTo(1);
    assertThat(leader.isReady()).isTrue();
    assertThat(leader.becameReady()).isTrue();
    assertThat(leader.becameReady()).isFalse();
    assertThat(cluster.node("n2").core.leaderId()).isEqualTo("n1");
  }

  @Test
  void aLeaderIsNotReadyBeforeItsNoOpIsCommitted() {
    cluster.cut(CoreCluster::carriesEntries);
    cluster.elect("n1");

    assertThat(cluster.node("n1").core.isReady()).isFalse();
  }

  @Test
  void preVotesTouchNobodysTerm() {
    cluster.timeOut("n1");
    cluster.deliver(packet -> packet.message() instanceof PreVoteRequest);

    assertThat(cluster.node("n2").core.term()).isZero();
    assertThat(cluster.node("n2").hardState.votedFor()).isNull();
  }

  @Test
  void aMemberThatHearsTheLeaderRefusesPreVotesSoThatACutOffMemberDeposesNobody() {
    cluster.elect("n1");
    cluster.isolate("n3");
    cluster.run(5 * CoreCluster.ELECTION_TIMEOUT);
    assertThat(cluster.node("n3").core.roleKind()).isEqualTo(RoleKind.PRE_CANDIDATE);
    assertThat(cluster.node("n3").core.term()).isEqualTo(1);

    cluster.heal();
    cluster.run(3 * CoreCluster.ELECTION_TIMEOUT);

    assertThat(cluster.node("n1").core.isLeader()).isTrue();
    assertThat(cluster.node("n1").core.term()).isEqualTo(1);
    assertThat(cluster.node("n3").core.leaderId()).isEqualTo("n1");
  }

  @Test
  void aVoteRequestLeavesOnlyAfterTheVoteForItselfIsDurable() {
    cluster.timeOut("n1");
    cluster.deliver(packet -> packet.message() instanceof PreVoteRequest);
    cluster.deliver(packet -> packet.message() instanceof PreVoteReply);
    assertThat(cluster.node("n1").core.roleKind()).isEqualTo(RoleKind.CANDIDATE);
    assertThat(cluster.network()).noneMatch(packet -> packet.message() instanceof VoteRequest);

    cluster.node("n1").sync();
    assertThat(cluster.node("n1").hardState.term()).isEqualTo(1);
    assertThat(cluster.network()).anyMatch(packet -> packet.message() instanceof VoteRequest);
  }

  @Test
  void aVoteThatWasNotDurableBeforeACrashWasNeverGiven() {
    cluster.timeOut("n1");
    cluster.deliver(packet -> packet.message() instanceof PreVoteRequest);
    cluster.deliver(packet -> packet.message() instanceof PreVoteReply);
    cluster.node("n1").sync();
    cluster.deliver(packet -> packet.message() instanceof VoteRequest);
    assertThat(cluster.node("n2").core.votedFor()).isEqualTo("n1");

    cluster.node("n2").crashAndRestart();

    assertThat(cluster.node("n2").core.votedFor()).isNull();
    assertThat(cluster.network()).noneMatch(packet -> packet.message() instanceof VoteReply);
  }

  @Test
  void aVoteSurvivesARestartAndIsNotGivenTwice() {
    cluster.elect("n1");
    CoreCluster.Node n2 = cluster.node("n2");
    n2.crashAndRestart();
    cluster.advance(CoreCluster.ELECTION_TIMEOUT);

    n2.receive(new CoreCluster.Packet("n3", "n2", VoteRequest.of(1, 9, 9)));
    n2.sync();

    assertThat(cluster.network())
        .filteredOn(packet -> packet.message() instanceof VoteReply)
        .containsExactly(new CoreCluster.Packet("n2", "n3", new VoteReply(1, false)));
  }

  @Test
  void aRepeatedVoteRequestGetsTheSameAnswer() {
    CoreCluster.Node n2 = cluster.node("n2");
    CoreCluster.Packet request = new CoreCluster.Packet("n1", "n2", VoteRequest.of(1, 0, 0));
    n2.receive(request);
    n2.sync();
    n2.receive(request);
    n2.sync();
    cluster.deliver(packet -> false);

    assertThat(cluster.network())
        .filteredOn(packet -> packet.message() instanceof VoteReply)
        .hasSizeLessThanOrEqualTo(2)
        .allMatch(packet -> packet.message().equals(new VoteReply(1, true)));
  }

  @Test
  void aCandidateWithAnOlderLogIsRefused() {
    cluster.elect("n1");
    cluster.isolate("n3");
    cluster.node("n1").propose("a");
    cluster.settle();
    cluster.heal();
    cluster.node("n1").crash();
    cluster.advance(CoreCluster.ELECTION_TIMEOUT);

    cluster.node("n2").receive(new CoreCluster.Packet("n3", "n2", VoteRequest.of(2, 1, 1)));
    cluster.node("n2").sync();

    assertThat(cluster.network())
        .contains(new CoreCluster.Packet("n2", "n3", new VoteReply(2, false)));
  }

  @Test
  void aMemberWithAHigherTermAndAShortLogDoesNotKeepTheGroupLeaderless() {
    cluster.elect("n1");
    cluster.isolate("n3");
    cluster.node("n1").propose("a");
    cluster.settle();
    // n3 saw term 5 of an election that nobody won.
    cluster.node("n3").receive(new CoreCluster.Packet("n2", "n3", new VoteReply(5, false)));
    cluster.node("n3").sync();
    cluster.node("n1").crash();
    cluster.heal();

    cluster.run(20 * CoreCluster.ELECTION_TIMEOUT);

    assertThat(cluster.node("n2").core.isLeader()).isTrue();
    assertThat(cluster.node("n2").core.term()).isGreaterThan(5);
  }

  @Test
  void aMemberWithAHigherTermAndTheLongestLogIsElectedByVotersOfALowerTerm() {
    cluster.elect("n1");
    cluster.cut(packet -> packet.to().equals("n3") || packet.to().equals("n2"));
    cluster.node("n1").propose("a");
    cluster.settle();
    cluster.heal();
    cluster.isolate("n2");
    cluster.isolate("n3");
    cluster.node("n1").receive(new CoreCluster.Packet("n2", "n1", new VoteReply(7, false)));
    cluster.node("n1").sync();
    cluster.heal();
    cluster.node("n3").crash();

    cluster.run(20 * CoreCluster.ELECTION_TIMEOUT);

    assertThat(cluster.node("n1").core.isLeader()).isTrue();
    assertThat(cluster.node("n1").appliedCommands()).containsExactly("a");
  }

  @Test
  void aLeaderThatHearsNoQuorumStepsDown() {
    cluster.elect("n1");
    cluster.isolate("n1");

    cluster.run(2 * CoreCluster.ELECTION_TIMEOUT);

    assertThat(cluster.node("n1").core.isLeader()).isFalse();
    assertThat(cluster.node("n1").notices)
        .filteredOn(Effects.LeadershipLost.class::isInstance)
        .containsExactly(
            new Effects.LeadershipLost(1, "no quorum has answered for an election timeout"));
  }

  @Test
  void aLeaderThatIsHeardButDeafStepsDownSoThatTheOthersElectOne() {
    cluster.elect("n1");
    cluster.cut(packet -> packet.to().equals("n1"));

    cluster.run(8 * CoreCluster.ELECTION_TIMEOUT);

    assertThat(cluster.node("n1").core.isLeader()).isFalse();
    assertThat(cluster.node("n2").core.isLeader() || cluster.node("n3").core.isLeader()).isTrue();
  }

  @Test
  void aLoneVoterLeadsOnlyAfterItsVoteIsDurable() {
    CoreCluster single = new CoreCluster("n1");
    single.timeOut("n1");
    assertThat(single.node("n1").core.roleKind()).isEqualTo(RoleKind.CANDIDATE);

    single.settle();

    assertThat(single.node("n1").core.isLeader()).isTrue();
    assertThat(single.node("n1").core.isReady()).isTrue();
  }

  @Test
  void aDeposedLeaderLearnsTheNewTermFromTheAnswerToItsEntries() {
    cluster.elect("n1");
    cluster.isolate("n1");
    cluster.elect("n2");
    cluster.heal();

    cluster
        .node("n2")
        .receive(
            new CoreCluster.Packet("n1", "n2", new AppendEntries(1, 1, 1, 1, java.util.List.of())));
    cluster.settle();

    assertThat(cluster.node("n1").core.term()).isEqualTo(2);
    assertThat(cluster.node("n1").core.isLeader()).isFalse();
  }
}
