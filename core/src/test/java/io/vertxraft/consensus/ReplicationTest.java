package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Heartbeat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stories of replication and commitment. */
class ReplicationTest {
  private final CoreCluster cluster = new CoreCluster("n1", "n2", "n3");

  @Test
  void aCommandIsCommittedByAMajorityAndAppliedEverywhereInOrder() {
    cluster.elect("n1");
    cluster.node("n1").propose("a", "b");
    cluster.node("n1").propose("c");
    cluster.settle();
    cluster.run(2 * CoreCluster.HEARTBEAT);

    for (String id : List.of("n1", "n2", "n3")) {
      assertThat(cluster.node(id).appliedCommands()).as(id).containsExactly("a", "b", "c");
    }
  }

  @Test
  void theLeaderCountsItselfOnlyOnceItsOwnWriteIsDurable() {
    cluster.elect("n1");
    cluster.isolate("n3");
    cluster.node("n1").propose("a");
    cluster.deliver(packet -> true);
    cluster.node("n2").sync();
    cluster.deliver(packet -> true);
    assertThat(cluster.node("n1").appliedCommands()).isEmpty();

    cluster.node("n1").sync();

    assertThat(cluster.node("n1").appliedCommands()).containsExactly("a");
  }

  @Test
  void twoDurableFollowersCommitWhileTheLeadersOwnDiskIsStillBusy() {
    cluster.elect("n1");
    cluster.node("n1").propose("a");
    cluster.deliver(packet -> true);
    cluster.node("n2").sync();
    cluster.node("n3").sync();
    cluster.deliver(packet -> true);

    assertThat(cluster.node("n1").appliedCommands()).containsExactly("a");
    assertThat(cluster.node("n1").disk).hasSize(1);
  }

  @Test
  void aFollowerConfirmsARepeatedEntryOnlyWhenItIsDurable() {
    cluster.elect("n1");
    cluster.node("n1").propose("a");
    CoreCluster.Packet append =
        cluster.network().stream()
            .filter(p -> p.to().equals("n2") && CoreCluster.carriesEntries(p))
            .findFirst()
            .orElseThrow();
    cluster.node("n2").receive(append);
    cluster.node("n2").receive(append);
    cluster.network().removeIf(p -> p.to().equals("n1"));
    assertThat(cluster.network()).noneMatch(p -> p.from().equals("n2"));

    cluster.node("n2").sync();

    assertThat(cluster.network())
        .filteredOn(p -> p.from().equals("n2"))
        .extracting(CoreCluster.Packet::message)
        .contains(AppendEntriesReply.accepted(1, 2));
  }

  @Test
  void aHeartbeatDoesNotCommitEntriesThatTheLeaderHasNotConfirmed() {
    cluster.elect("n1");
    cluster.isolate("n1");
    cluster.node("n1").propose("stale");
    cluster.node("n1").sync();
    cluster.node("n1").crashAndRestart();

    cluster.node("n1").receive(new CoreCluster.Packet("n2", "n1", new Heartbeat(2, 2, 2, 0, 0)));

    assertThat(cluster.node("n1").core.commitIndex()).isZero();
    assertThat(cluster.node("n1").appliedCommands()).isEmpty();
  }

  @Test
  void aLogThatDivergedForManyEntriesIsRepairedInOneProbePerTerm() {
    cluster.elect("n1");
    cluster.isolate("n1");
    for (int i = 0; i < 50; i++) {
      cluster.node("n1").propose("lost" + i);
    }
    cluster.node("n1").sync();
    cluster.elect("n2");
    for (int i = 0; i < 60; i++) {
      cluster.node("n2").propose("kept" + i);
      cluster.settle();
    }
    cluster.heal();
    int[] probes = {0};
    cluster.cut(
        packet -> {
          if (packet.to().equals("n1")
              && packet.message() instanceof AppendEntries append
              && append.entries().isEmpty()) {
            probes[0]++;
          }
          return false;
        });
    cluster.run(4 * CoreCluster.HEARTBEAT);

    assertThat(probes[0]).isLessThanOrEqualTo(4);
    assertThat(cluster.node("n1").diskLog()).isEqualTo(cluster.node("n2").diskLog());
    assertThat(cluster.node("n1").appliedCommands())
        .hasSize(60)
        .noneMatch(c -> c.startsWith("lost"));
  }

  @Test
  void entriesLostOnTheWayAreSentAgain() {
    cluster.elect("n1");
    cluster.cut(packet -> packet.to().equals("n3") && CoreCluster.carriesEntries(packet));
    cluster.node("n1").propose("a");
    cluster.settle();
    cluster.heal();

    cluster.run(2 * CoreCluster.ELECTION_TIMEOUT);

    assertThat(cluster.node("n3").appliedCommands()).containsExactly("a");
  }

  @Test
  void theWindowBoundsWhatIsInFlight() {
    CoreCluster bounded = new CoreCluster("n1", "n2", "n3").inflightMessagesMax(2);
    bounded.elect("n1");
    for (int i = 0; i < 100; i++) {
      bounded.node("n1").propose("c" + i);
    }

    assertThat(bounded.network())
        .filteredOn(p -> p.to().equals("n2") && CoreCluster.carriesEntries(p))
        .hasSize(2);
    bounded.settle();
    bounded.run(2 * CoreCluster.HEARTBEAT);
    assertThat(bounded.node("n2").appliedCommands()).hasSize(100);
  }

  @Test
  void figure8AnEntryOfAnEarlierTermIsNotCommittedByCounting() {
    CoreCluster five = new CoreCluster("s1", "s2", "s3", "s4", "s5").appendEntriesMax(1);
    // (a) s1 leads and brings its entry to s2 only.
    five.cut(p -> CoreCluster.carriesEntries(p) && !p.to().equals("s2"));
    five.elect("s1");
    five.settle();
    assertThat(five.node("s2").diskLog()).containsExactly("1/1");
    five.node("s1").crash();
    five.node("s2").crash();
    five.heal();
    // (b) s5 leads the next term, with the votes of s3 and s4, and keeps its entry to itself.
    five.cut(CoreCluster::carriesEntries);
    five.elect("s5");
    assertThat(five.node("s5").diskLog()).containsExactly("2/1");
    five.node("s5").crash();
    five.node("s1").restart();
    five.node("s2").restart();
    five.heal();
    // (c) s1 leads term 3. Its old entry reaches a majority; its new one reaches nobody.
    five.cut(p -> carriesTerm(p, 3));
    five.elect("s1");
    five.run(2 * CoreCluster.HEARTBEAT);
    assertThat(five.node("s1").core.term()).isEqualTo(3);
    assertThat(five.node("s3").diskLog()).containsExactly("1/1");
    assertThat(five.node("s1").core.commitIndex()).isZero();
    // (d) rightly so: s5 can still win, and replaces it.
    five.node("s1").crash();
    five.node("s5").restart();
    five.heal();
    five.node("s2").crash();
    five.elect("s5");

    assertThat(five.node("s5").core.commitIndex()).isEqualTo(2);
    assertThat(five.node("s3").diskLog()).containsExactly("2/1", "4/2");
  }

  private static boolean carriesTerm(CoreCluster.Packet packet, long term) {
    return packet.message() instanceof AppendEntries append
        && append.entries().stream().anyMatch(entry -> entry.term() == term);
  }

  @Test
  void aGhostEntryStaysAbsentOrPresentButNeverReturns() {
    // n1 appends "ghost" without replicating it, n2 takes over and commits; the ghost is gone for
    // good.
    cluster.elect("n1");
    cluster.isolate("n1");
    cluster.node("n1").propose("ghost");
    cluster.node("n1").sync();
    cluster.elect("n2");
    cluster.node("n2").propose("real");
    cluster.settle();
    assertThat(cluster.node("n2").appliedCommands()).containsExactly("real");
    cluster.heal();
    cluster.node("n2").crash();

    cluster.run(10 * CoreCluster.ELECTION_TIMEOUT);

    assertThat(cluster.node("n3").core.isLeader()).isTrue();
    assertThat(cluster.node("n1").appliedCommands()).containsExactly("real");
    assertThat(cluster.node("n3").appliedCommands()).containsExactly("real");
  }

  @Test
  void anUncommittedEntryOfTheDeadLeaderCommitsWithTheNewLeadersNoOp() {
    cluster.elect("n1");
    cluster.node("n1").propose("survivor");
    cluster.deliver(CoreCluster::carriesEntries);
    cluster.node("n2").sync();
    cluster.node("n1").crash();
    cluster.run(6 * CoreCluster.ELECTION_TIMEOUT);

    assertThat(cluster.node("n2").appliedCommands()).containsExactly("survivor");
    assertThat(cluster.node("n3").appliedCommands()).containsExactly("survivor");
  }

  @Test
  void strangersAreIgnored() {
    cluster.elect("n1");

    cluster.node("n1").receive(new CoreCluster.Packet("n9", "n1", new Heartbeat(99, 0, 1, 0, 0)));

    assertThat(cluster.node("n1").core.isLeader()).isTrue();
    assertThat(cluster.node("n1").core.term()).isEqualTo(1);
  }
}
