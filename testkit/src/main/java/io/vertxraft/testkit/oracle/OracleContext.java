package io.vertxraft.testkit.oracle;

import io.vertxraft.protocol.Configuration;
import java.util.List;
import java.util.Set;

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
   * judged by the disks, those of crashed nodes included.
   */
  default boolean isDurableOnQuorum(long index, long chainHash) {
    Configuration configuration = configuration();
    return holdsMajority(configuration.voters(), index, chainHash)
        && (!configuration.isJoint() || holdsMajority(configuration.outgoing(), index, chainHash));
  }

  private boolean holdsMajority(Set<String> voters, long index, long chainHash) {
    int holders = 0;
    List<NodeProbe> nodes = nodes();
    for (int i = 0; i < nodes.size(); i++) {
      NodeProbe node = nodes.get(i);
      if (node.disk().contains(index, chainHash) && voters.contains(node.nodeId())) {
        holders++;
      }
    }
    return holders > voters.size() / 2;
  }
}
