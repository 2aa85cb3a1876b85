package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.consensus.CoreCluster.Node;
import io.vertxraft.consensus.CoreCluster.Packet;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.LogEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * That entries are committed is known only from some term on: leaders of earlier terms need not
 * have them. A snapshot brings that knowledge to members that have not been in that term, so it
 * brings the term as well.
 */
class SnapshotTermsTest {
  private final CoreCluster cluster = new CoreCluster("n1", "n2", "n3", "n4", "n5");
  private final Node n1 = cluster.node("n1");
  private final Node n2 = cluster.node("n2");
  private final Node n3 = cluster.node("n3");
  private final Node n4 = cluster.node("n4");

  /** n1 and n3 are cut off in term 1; the others go on to term 2 and have a snapshot. */
  private void split() {
    cluster.elect("n1");
    cluster.cut(packet -> packet.from().matches("n[13]") != packet.to().matches("n[13]"));
    n1.propose("x", "y", "z", "w", "v", "u");
    n1.sync();
    cluster.network().clear();
    cluster.elect("n2");
    n2.propose("a", "b");
    cluster.settle();
    n2.compact();
    cluster.network().clear();
    assertThat(n1.core.isLeader()).isTrue();
    assertThat(n3.core.term()).isEqualTo(1);
  }

  @Test
  void afterASnapshotOfALaterTermAnEarlierLeaderIsNotBelieved() {
    split();
    n3.installFrom(n2);
    n3.sync();
    assertThat(n3.core.term()).isEqualTo(2);
    assertThat(n3.hardState.term()).isEqualTo(2);

    n3.receive(append(1, 4, 1, n1.disk.subList(4, 7)));
    n3.receive(append(1, 1, 1, n1.disk.subList(1, 7)));
    n3.sync();

    assertThat(n3.core.log().lastIndex()).isEqualTo(4);
    assertThat(n3.core.log().lastTerm()).isEqualTo(2);
  }

  private static Packet append(long term, long prev, long prevTerm, List<LogEntry> entries) {
    return new Packet("n1", "n3", new AppendEntries(term, prev, prevTerm, 1, entries));
  }

  /** n2 has entries of term 1 that n4 alone has too; n1 leads term 2, which nobody hears of. */
  private void leaveEntriesOfTermOneUncommitted() {
    cluster.elect("n2");
    cluster.cut(packet -> !(packet.from().matches("n[24]") && packet.to().matches("n[24]")));
    n2.propose("a", "b", "c");
    cluster.settle();
    cluster.heal();
    cluster.cut(packet -> packet.from().matches("n[24]") || packet.to().matches("n[24]"));
    cluster.cut(packet -> packet.message() instanceof AppendEntries);
    cluster.advance(2 * CoreCluster.ELECTION_TIMEOUT);
    cluster.elect("n1");
    cluster.heal();
    cluster.network().clear();
  }

  private void electAgain(Node node) {
    cluster.advance(2 * CoreCluster.ELECTION_TIMEOUT);
    for (int i = 0; i < 6 && node.core.term() <= n1.core.term(); i++) {
      cluster.timeOut(node.id);
      cluster.settle();
    }
    cluster.elect(node.id);
  }

  @Test
  void whatWasCommittedInALaterTermThanItsOwnIsNotTakenForThatOfALeaderInBetween() {
    leaveEntriesOfTermOneUncommitted();
    cluster.cut(packet -> packet.from().matches("n[13]") != packet.to().matches("n[13]"));
    cluster.cut(packet -> packet.from().equals("n1"));
    electAgain(n2);
    List<LogEntry> four = List.copyOf(n2.applied.subList(0, 4));
    assertThat(four.get(3).term()).isEqualTo(1);
    assertThat(n3.core.term()).isEqualTo(2);
    cluster.heal();
    cluster.network().clear();

    n3.install(four, n2.core.term());
    n3.sync();
    cluster.network().clear();
    n3.receive(append(2, 1, 1, n1.disk.subList(1, 2)));
    n3.sync();
    cluster.deliver(packet -> packet.to().equals("n1"));

    assertThat(n3.core.term()).isEqualTo(3);
    assertThat(n1.core.isLeader()).as("n1 has heard of term 3").isFalse();
  }

  @Test
  void aMemberComesUpInTheTermInWhichItsSnapshotWasTakenAndAppliesNothingBeforeThatIsDurable() {
    leaveEntriesOfTermOneUncommitted();
    n4.receive(new Packet("n1", "n4", new Heartbeat(2, 0, 0, cluster.now(), 0)));
    cluster.settle();
    cluster.network().clear();
    cluster.cut(packet -> packet.from().matches("n[14]") || packet.to().matches("n[14]"));
    electAgain(n2);

    n4.receive(new Packet("n2", "n4", new AppendEntries(3, 4, 1, 5, n2.disk.subList(4, 5))));
    assertThat(n4.core.commitIndex()).isEqualTo(5);
    assertThat(n4.applied).as("applied before term 3 is durable").hasSize(1);
    n4.sync();
    assertThat(n4.applied).hasSize(5);

    n4.takeSnapshot();
    n4.restore(new HardState(2, null), List.copyOf(n4.disk));
    assertThat(n4.core.term()).isEqualTo(3);
    assertThat(n4.core.commitIndex()).isEqualTo(5);
  }

  @Test
  void aLateConfirmationOfWhatIsGoneMeanwhileBringsNoNeedlessSnapshot() {
    CoreCluster three = new CoreCluster("n1", "n2", "n3").appendEntriesMax(1);
    three.elect("n1");
    Node leader = three.node("n1");
    leader.propose("a", "b", "c");
    three.settle();
    three.run(CoreCluster.HEARTBEAT);
    Progress follower =
        leader.core.followers().stream()
            .filter(progress -> progress.nodeId().equals("n3"))
            .findFirst()
            .orElseThrow();
    three.cut(packet -> packet.from().equals("n3"));
    leader.propose("d");
    leader.propose("e");
    three.settle();
    long last = three.node("n3").core.log().lastIndex();
    three.cut(packet -> packet.to().equals("n3"));
    leader.propose("f");
    three.settle();
    leader.takeSnapshot();
    leader.receive(new Packet("n3", "n1", AppendEntriesReply.refused(1, last + 1, 0, last + 1)));
    assertThat(follower.state()).isEqualTo(Progress.State.PROBE);
    leader.compactTo(last + 1);
    assertThat(follower.nextIndex()).isEqualTo(last + 1);

    leader.receive(new Packet("n3", "n1", AppendEntriesReply.accepted(1, last - 1)));

    assertThat(follower.state()).isEqualTo(Progress.State.PROBE);
    assertThat(follower.nextIndex()).isEqualTo(last + 1);
  }
}
