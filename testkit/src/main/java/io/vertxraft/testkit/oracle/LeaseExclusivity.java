package io.vertxraft.testkit.oracle;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * I10: when a leader commits, no other member has a lease of an earlier term that would still serve
 * reads, judged at the same instant of true time, each lease on its holder's own clock.
 */
public final class LeaseExclusivity implements Oracle {
  private final OracleContext context;
  private final Map<String, Long> commits = new HashMap<>();

  /** The rule for a run. */
  public LeaseExclusivity(OracleContext context) {
    this.context = context;
  }

  @Override
  public String id() {
    return "I10";
  }

  @Override
  public void afterTurn(NodeProbe node) {
    if (!node.isLeader()) {
      return;
    }
    Long before = commits.put(node.nodeId(), node.commitIndex());
    if (before != null && before == node.commitIndex()) {
      return;
    }
    if (node.log().termAt(node.commitIndex()) != node.term()) {
      return;
    }
    List<NodeProbe> nodes = context.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      NodeProbe other = nodes.get(i);
      if (other != node && other.isRunning() && other.validLeaseTerm() > 0) {
        check(node, other);
      }
    }
  }

  private void check(NodeProbe leader, NodeProbe other) {
    if (other.validLeaseTerm() < leader.term()) {
      throw context.violation(
          id(),
          "%s commits %d in term %d, while %s serves reads on a lease of term %d",
          leader.nodeId(),
          leader.commitIndex(),
          leader.term(),
          other.nodeId(),
          other.validLeaseTerm());
    }
  }
}
