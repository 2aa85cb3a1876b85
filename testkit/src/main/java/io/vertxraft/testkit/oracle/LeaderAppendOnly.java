package io.vertxraft.testkit.oracle;

import java.util.HashMap;
import java.util.Map;

/** I3, Leader Append-Only (§5.3): a leader never removes entries from its log. */
public final class LeaderAppendOnly implements Oracle {
  private final OracleContext context;
  private final Map<String, Reign> reigns = new HashMap<>();

  /** The rule for a run. */
  public LeaderAppendOnly(OracleContext context) {
    this.context = context;
  }

  private record Reign(long term, int life, long truncations) {}

  @Override
  public String id() {
    return "I3";
  }

  @Override
  public void afterTurn(NodeProbe node) {
    if (!node.isLeader()) {
      return;
    }
    Reign reign = reigns.get(node.nodeId());
    if (reign == null || reign.term != node.term() || reign.life != node.life()) {
      reigns.put(node.nodeId(), new Reign(node.term(), node.life(), node.log().truncations()));
    } else if (reign.truncations != node.log().truncations()) {
      throw context.violation(
          id(),
          "leader %s of term %d removed entries; its log now ends at %d",
          node.nodeId(),
          node.term(),
          node.lastIndex());
    }
  }
}
