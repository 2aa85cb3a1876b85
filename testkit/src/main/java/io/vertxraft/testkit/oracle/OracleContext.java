package io.vertxraft.testkit.oracle;

import io.vertxraft.protocol.Configuration;
import io.vertxraft.testkit.LogChain;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What all oracles of a run share. */
public interface OracleContext {
  /** All nodes, running or not, always in the same order. */
  List<NodeProbe> nodes();

  /** The configuration in force. */
  Configuration configuration();

  /** What is known to be committed. */
  CommitLedger ledger();

  /** A violation that carries seed and time of this run. */
  Violation violation(String oracleId, String format, Object... arguments);

  /**
   * Whether a quorum of the configuration in force durably holds the log up to {@code index},
   * judged by the disks, those of crashed nodes included. A disk that has lost the entry by damage
   * counts: its node keeps silent in elections until it has the entry again. Damage to a snapshot
   * is an excuse until the disk has got another one, for that makes up for it.
   */
  default boolean isDurableOnQuorum(long index, long chainHash) {
    return isQuorum(node -> isDurable(node, index, chainHash) || hasLost(node, index));
  }

  /** Whether a node's disk holds the log up to {@code index}, as entries or as a snapshot. */
  default boolean isDurable(NodeProbe node, long index, long chainHash) {
    return node.disk().contains(index, chainHash)
        || (index <= node.snapshots().newestIndex() && isCommitted(index, chainHash));
  }

  /** Whether the log up to {@code index} is known to be committed. */
  default boolean isCommitted(long index, long chainHash) {
    CommitLedger ledger = ledger();
    return index <= ledger.lastIndex() && ledger.chainHashAt(index) == chainHash;
  }

  /** Whether a log has the committed entries up to {@code index}, or goes on after them. */
  default boolean coversCommitted(LogChain log, long index) {
    long at = Math.max(index, log.firstIndex() - 1);
    return at <= log.lastIndex() && isCommitted(at, log.chainHashAt(at));
  }

  private static boolean hasLost(NodeProbe node, long index) {
    return (node.hasLostEntries() && node.disk().lastIndex() < index)
        || (node.snapshots().isDamaged() && index < node.disk().log().firstIndex());
  }

  /** Whether the nodes of which something is true are a quorum of the configuration in force. */
  default boolean isQuorum(Predicate<NodeProbe> isTrue) {
    Configuration configuration = configuration();
    return isMajority(configuration.voters(), isTrue)
        && (!configuration.isJoint() || isMajority(configuration.outgoing(), isTrue));
  }

  private boolean isMajority(Set<String> voters, Predicate<NodeProbe> isTrue) {
    int count = 0;
    List<NodeProbe> nodes = nodes();
    for (int i = 0; i < nodes.size(); i++) {
      NodeProbe node = nodes.get(i);
      if (isTrue.test(node) && voters.contains(node.nodeId())) {
        count++;
      }
    }
    return count > voters.size() / 2;
  }
}
