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
    return isOnQuorum(
        node ->
            node.disk().contains(index, chainHash)
                || (node.hasLostEntries() && node.disk().lastIndex() < index));
  }

  private boolean isOnQuorum(Predicate<NodeProbe> holds) {
    Configuration configuration = configuration();
    return holdMajority(configuration.voters(), holds)
        && (!configuration.isJoint() || holdMajority(configuration.outgoing(), holds));
  }

  private boolean holdMajority(Set<String> voters, Predicate<NodeProbe> holds) {
    int holders = 0;
    List<NodeProbe> nodes = nodes();
    for (int i = 0; i < nodes.size(); i++) {
      NodeProbe node = nodes.get(i);
      if (voters.contains(node.nodeId()) && holds.test(node)) {
        holders++;
      }
    }
    return holders > voters.size() / 2;
  }
}
