package io.vertxraft.testkit.oracle;

import io.vertxraft.protocol.Configuration;
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
   * counts: its node keeps silent in elections until it has the entry again.
   */
  default boolean isDurableOnQuorum(long index, long chainHash) {
    return isQuorum(
        node ->
            node.disk().contains(index, chainHash)
                || (node.hasLostEntries() && node.disk().lastIndex() < index));
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
