package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.consensus.CoreCluster.Packet;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stories of messages that come late, and of members that come back late. */
class LateMessagesTest {
  private final CoreCluster cluster = new CoreCluster("n1", "n2", "n3");

  @Test
  void aRestartedFollowerOfAnIdleGroupLearnsTheCommitIndex() {
    cluster.elect("n1");
    cluster.node("n1").propose("a", "b");
    cluster.settle();
    cluster.run(3 * CoreCluster.HEARTBEAT);
    assertThat(cluster.node("n3").appliedCommands()).containsExactly("a", "b");
    cluster.node("n3").crashAndRestart();
    cluster.run(60 * CoreCluster.ELECTION_TIMEOUT);
    assertThat(cluster.node("n1").core.isLeader()).isTrue();
    assertThat(cluster.node("n3").appliedCommands()).containsExactly("a", "b");
  }

  @Test
  void aFollowerThatMissedHeartbeatsForAnElectionTimeoutLearnsTheCommitIndex() {
    cluster.elect("n1");
    cluster.run(3 * CoreCluster.HEARTBEAT);
    cluster.node("n1").propose("a");
    cluster.settle(); // everybody holds it; n1 committed, heartbeat not yet sent
    cluster.isolate("n3");
    cluster.run(3 * CoreCluster.ELECTION_TIMEOUT);
    cluster.heal();
    cluster.run(60 * CoreCluster.ELECTION_TIMEOUT);
    assertThat(cluster.node("n1").core.isLeader()).isTrue();
    assertThat(cluster.node("n3").appliedCommands()).containsExactly("a");
  }

  @Test
  void aLateAppendEntriesOfAnEarlierLeadershipDoesNotConfuseThePresentOne() {
    // T1: n1 leads, sends 2..11 to n2 before they are durable at n1; one more AE stays in the
    // network.
    cluster.elect("n1");
    cluster.run(3 * CoreCluster.HEARTBEAT);
    cluster.cut(p -> p.to().equals("n3") && CoreCluster.carriesEntries(p));
    for (int i = 0; i < 10; i++) {
      cluster.node("n1").propose("x" + i);
      cluster.deliver(p -> p.to().equals("n2") && CoreCluster.carriesEntries(p));
      cluster.node("n2").sync();
      cluster.deliver(p -> p.to().equals("n1"));
    } // n2 holds 1..11
    cluster.node("n1").propose("y"); // AE(T1, prev=11) stays on its way to n2
    Packet late =
        cluster.network().stream()
            .filter(p -> p.to().equals("n2") && CoreCluster.carriesEntries(p))
            .reduce((a, b) -> b)
            .orElseThrow();
    assertThat(((AppendEntries) late.message()).prevLogIndex()).isEqualTo(11);
    cluster.network().clear();
    cluster.node("n1").crashAndRestart(); // loses 2..12
    assertThat(cluster.node("n1").diskLog()).containsExactly("1/1");
    // T2: n3 leads with n1's vote, n2 cut off.
    cluster.heal();
    cluster.isolate("n2");
    cluster.elect("n3");
    cluster.settle();
    assertThat(cluster.node("n1").diskLog()).containsExactly("1/1", "2/2");
    cluster.node("n3").crash();
    cluster.heal();
    // T3: n1 leads with n2's vote. Its entries to n2 are delayed.
    cluster.cut(p -> p.to().equals("n2") && CoreCluster.carriesEntries(p));
    cluster.run(6 * CoreCluster.ELECTION_TIMEOUT);
    assertThat(cluster.node("n1").core.isLeader()).isTrue();
    Progress n2 =
        cluster.node("n1").core.followers().stream()
            .filter(p -> p.nodeId().equals("n2"))
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < 40 && n2.state() != Progress.State.REPLICATE; i++) {
      cluster.run(CoreCluster.HEARTBEAT);
    }
    assertThat(n2.state()).isEqualTo(Progress.State.REPLICATE);
    assertThat(cluster.node("n2").core.log().lastIndex()).isEqualTo(11);
    // now the very late message of term 1
    cluster.node("n2").receive(late);
    cluster.settle();
    assertThat(cluster.node("n1").core.isLeader()).isTrue();
    assertThat(n2.state()).isEqualTo(Progress.State.REPLICATE);
  }

  @Test
  void aLateVoteRequestOfAnEarlierTermDoesNotTurnAGrantedVoteIntoARefusal() {
    cluster.node("n1").receive(new Packet("n2", "n1", new VoteReply(1, false)));
    cluster.node("n1").sync();
    cluster.cut(p -> p.to().equals("n3") || p.from().equals("n3"));
    cluster.timeOut("n1");
    cluster.deliver(p -> p.message() instanceof PreVoteRequest);
    cluster.deliver(p -> p.message() instanceof PreVoteReply);
    assertThat(cluster.node("n1").core.roleKind()).isEqualTo(RoleKind.CANDIDATE);
    long t = cluster.node("n1").core.term();
    cluster.node("n1").sync();
    cluster.deliver(p -> p.message() instanceof VoteRequest);
    List<Packet> held = new ArrayList<>();
    // the grant is durable but slow; a VoteRequest of an old term of n1 reaches n2, its answer is
    // fast
    cluster.node("n2").sync();
    cluster
        .network()
        .removeIf(
            p -> {
              if (p.from().equals("n2")) {
                held.add(p);
                return true;
              }
              return false;
            });
    cluster.node("n2").receive(new Packet("n1", "n2", VoteRequest.of(t - 1, 0, 0)));
    cluster.node("n2").sync();
    cluster.settle();
    cluster.network().addAll(held);
    cluster.settle();
    assertThat(cluster.node("n1").core.isLeader()).isTrue();
  }
}
