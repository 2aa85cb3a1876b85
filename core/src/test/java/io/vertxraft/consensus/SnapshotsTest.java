package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.consensus.CoreCluster.Node;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.LogEntry;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What snapshots do to logs and followers (§7, R-23, R-27, R-28). The flows tell the rest. */
class SnapshotsTest {
  private final CoreCluster cluster = new CoreCluster("n1", "n2", "n3");
  private final Node n1 = cluster.node("n1");
  private final Node n2 = cluster.node("n2");
  private final Node n3 = cluster.node("n3");

  @BeforeEach
  void leadAlone() {
    cluster.elect("n1");
  }

  /** n3 misses three commands, and n1 no longer has them in its log. */
  private void leaveBehind() {
    cluster.isolate("n3");
    n1.propose("a", "b", "c");
    cluster.settle();
    n1.compact();
    cluster.heal();
    cluster.run(2 * CoreCluster.ELECTION_TIMEOUT);
  }

  private Progress progressOf(String follower) {
    return n1.core.followers().stream()
        .filter(progress -> progress.nodeId().equals(follower))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFollowerThatFetchesTellsHowFarItIsAndDeposesNobody() {
    leaveBehind();
    assertThat(progressOf("n3").state()).isEqualTo(Progress.State.SNAPSHOT);
    n3.core.snapshots().progress(4, 70, 100);

    cluster.run(10 * CoreCluster.ELECTION_TIMEOUT);

    assertThat(progressOf("n3").installIndex()).isEqualTo(4);
    assertThat(progressOf("n3").installBytesDone()).isEqualTo(70);
    assertThat(progressOf("n3").installBytesTotal()).isEqualTo(100);
    assertThat(n1.core.term()).isEqualTo(1);
    assertThat(n1.core.isLeader()).isTrue();
  }

  @Test
  void theLeaderHearsOfTheInstallationAtOnceAndOnlyWhenItIsDurable() {
    leaveBehind();
    cluster.network().clear();

    n3.installFrom(n1);
    assertThat(cluster.network()).isEmpty();

    n3.sync();
    assertThat(cluster.network())
        .extracting(CoreCluster.Packet::message)
        .containsExactly(InstallSnapshotReply.installed(1, 4));
    cluster.settle();
    assertThat(progressOf("n3").state()).isEqualTo(Progress.State.REPLICATE);
    assertThat(progressOf("n3").matchIndex()).isEqualTo(4);
  }

  @Test
  void nothingThatAnAnsweringFollowerNeedsIsToBeRemoved() {
    cluster.isolate("n3");
    n1.propose("a", "b");
    cluster.settle();
    assertThat(n1.core.snapshots().retainFrom(cluster.now())).isEqualTo(2);

    cluster.run(CoreCluster.ELECTION_TIMEOUT);

    assertThat(n1.core.snapshots().retainFrom(cluster.now()))
        .as("n3 has not answered for an election timeout")
        .isEqualTo(4);
    assertThat(n2.core.snapshots().retainFrom(cluster.now())).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whileAFollowerFetchesTheEntriesAfterItsSnapshotStay() {
    leaveBehind();
    assertThat(n1.core.snapshots().retainFrom(cluster.now())).isEqualTo(5);
    n3.core.snapshots().progress(7, 0, 0);
    n1.propose("d", "e", "f", "g");
    cluster.settle();
    cluster.run(2 * CoreCluster.HEARTBEAT);

    assertThat(n1.core.snapshots().retainFrom(cluster.now())).isEqualTo(8);
  }

  @Test
  void aSnapshotThatIsTooOldWhenItIsInstalledIsFollowedByAnotherOffer() {
    leaveBehind();
    List<LogEntry> old = n1.snapshot;
    n1.propose("d");
    cluster.settle();
    n1.compact();

    n3.install(old, 1);
    cluster.settle();

    assertThat(progressOf("n3").state()).isEqualTo(Progress.State.SNAPSHOT);
    assertThat(n3.core.commitIndex()).isEqualTo(4);
    cluster.run(2 * CoreCluster.HEARTBEAT);
    assertThat(n3.offer.offer()).isEqualTo(new InstallSnapshot(1, 5, 1, 5));
    n3.installFrom(n1);
    cluster.run(2 * CoreCluster.HEARTBEAT);
    assertThat(n3.appliedCommands()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void entriesThatWereBeingReadForAFollowerMayBeRemovedMeanwhile() {
    cluster.cacheMax(0);
    cluster.elect("n1");
    cluster.isolate("n3");
    n1.propose("a", "b", "c");
    cluster.settle();
    cluster.run(CoreCluster.ELECTION_TIMEOUT);
    Effects.Load load = new Effects.Load("n3", n1.core.term(), 2, 3, 1_000);

    n1.compact();
    n1.core.loaded(load, n1.disk.subList(1, 3), cluster.now());
    n1.endTurn();
    cluster.heal();
    cluster.run(2 * CoreCluster.ELECTION_TIMEOUT);
    n3.installFrom(n1);
    cluster.run(2 * CoreCluster.ELECTION_TIMEOUT);

    assertThat(n3.appliedCommands()).containsExactly("a", "b", "c");
  }

  @Test
  void aLeaderNeedsNoSnapshotThatItBeganToFetchAsAFollower() {
    n1.propose("a");
    cluster.settle();
    n1.takeSnapshot();
    n1.propose("b");
    cluster.settle();

    assertThat(n1.installFrom(n1)).isFalse();
    assertThat(n1.core.log().lastIndex()).isEqualTo(3);
  }

  @Test
  void whatIsNotAppliedIsNotRemoved() {
    cluster.isolate("n1");
    n1.propose("a");
    n1.sync();

    assertThatThrownBy(() -> n1.core.snapshots().compact(3))
        .isInstanceOf(InvariantViolation.class)
        .hasMessageContaining("not applied and durable");
  }

  @Test
  void removingWhatIsGoneDoesNothing() {
    n1.propose("a");
    cluster.settle();
    n1.compact();
    long first = n1.core.log().firstIndex();

    n1.compactTo(first - 1);

    assertThat(n1.core.log().firstIndex()).isEqualTo(first);
    assertThat(n1.core.log().termAt(first - 1)).isEqualTo(1);
  }

  @Test
  void aDamagedMemberIsMadeWholeByASnapshotAndTheEntriesAfterIt() {
    n1.propose("a", "b");
    cluster.settle();
    n3.crash();
    n1.propose("c");
    cluster.run(2 * CoreCluster.HEARTBEAT);
    n1.compact();
    n2.compact();
    n3.disk.clear();
    n3.damaged = true;
    n3.restart();
    cluster.run(CoreCluster.ELECTION_TIMEOUT);
    cluster.elect("n2");
    cluster.run(2 * CoreCluster.ELECTION_TIMEOUT);
    assertThat(n3.core.fitness().isDamaged()).isTrue();

    n3.installFrom(n2);
    cluster.run(2 * CoreCluster.ELECTION_TIMEOUT);

    assertThat(n3.core.fitness().isDamaged()).isFalse();
    assertThat(n3.appliedCommands()).containsExactly("a", "b", "c");
  }

  @Test
  void aMemberThatComesUpWithASnapshotIsRecoveredOnceALeaderHasTold() {
    n1.propose("a");
    cluster.settle();
    cluster.run(2 * CoreCluster.HEARTBEAT);
    n3.compact();

    n3.crashAndRestart();
    assertThat(n3.core.commitIndex()).isEqualTo(2);
    n3.core.applied(2);
    assertThat(n3.core.isRecovered()).isFalse();
    cluster.run(4 * CoreCluster.HEARTBEAT);

    assertThat(n3.core.isRecovered()).isTrue();
  }
}
