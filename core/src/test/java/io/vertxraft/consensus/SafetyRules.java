package io.vertxraft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.consensus.CoreCluster.Node;
import io.vertxraft.protocol.LogEntry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What must hold among the members of a {@link CoreCluster} after every step of a run. */
final class SafetyRules {
  private final Map<Long, String> leaders = new TreeMap<>();
  private final Map<Long, LogEntry> committed = new TreeMap<>();

  /** Fails if a member that is up breaks a rule, alone or together with what was seen before. */
  void check(CoreCluster cluster) {
    for (Node node : cluster.all()) {
      if (node.core != null) {
        oneLeaderPerTerm(node);
        sameEntriesAreCommitted(node, cluster);
        whatIsCalledDurableIsOnDisk(node);
        termsNeverDecrease(node);
      }
    }
  }

  private static void termsNeverDecrease(Node node) {
    LogView log = node.core.log();
    for (long i = log.firstIndex(); i <= log.lastIndex(); i++) {
      assertThat(log.termAt(i))
          .as("%s term at %d", node.id, i)
          .isGreaterThanOrEqualTo(log.termAt(i - 1));
    }
    assertThat(log.lastTerm()).as(node.id).isLessThanOrEqualTo(node.core.term());
  }

  private void oneLeaderPerTerm(Node node) {
    if (node.core.isLeader()) {
      String other = leaders.putIfAbsent(node.core.term(), node.id);
      assertThat(other).as("leader of term %d", node.core.term()).isIn(null, node.id);
    }
  }

  private void sameEntriesAreCommitted(Node node, CoreCluster cluster) {
    for (LogEntry entry : node.applied) {
      LogEntry other = committed.putIfAbsent(entry.index(), entry);
      assertThat(other).as("committed entry %d", entry.index()).isIn(null, entry);
      if (other == null) {
        assertThat(cluster.all().stream().filter(member -> holds(member, entry)).count())
            .as("disks that hold the committed entry %s", entry)
            .isGreaterThanOrEqualTo(Quorum.majority(cluster.all().size()));
      }
    }
  }

  private static boolean holds(Node member, LogEntry entry) {
    return has(member.disk, entry) || has(member.snapshot, entry);
  }

  private static boolean has(List<LogEntry> entries, LogEntry entry) {
    int index = (int) entry.index();
    return entries.size() >= index && entries.get(index - 1).equals(entry);
  }

  private static void whatIsCalledDurableIsOnDisk(Node node) {
    long durable = node.core.log().durableIndex();
    LogView log = node.core.log();
    boolean bySnapshot = durable == node.snapshot.size() && durable == log.firstIndex() - 1;
    List<LogEntry> held = bySnapshot ? node.snapshot : node.disk;
    assertThat(durable).isLessThanOrEqualTo(held.size());
    for (long i = Math.max(1, log.firstIndex() - 1); i <= durable; i++) {
      assertThat(log.termAt(i)).isEqualTo(held.get((int) i - 1).term());
    }
  }
}
