package io.vertxraft.testkit.oracle;

import java.util.HashMap;
import java.util.Map;

/** I1, Election Safety (§5.2): at most one leader per term, over the whole run. */
public final class ElectionSafety implements Oracle {
  private final OracleContext context;
  private final Map<Long, Reign> reigns = new HashMap<>();
  private Reign last = new Reign(-1, "", 0);

  /** The rule for a run. */
  public ElectionSafety(OracleContext context) {
    this.context = context;
  }

  private record Reign(long term, String nodeId, int life) {
    boolean is(NodeProbe node) {
      return term == node.term() && life == node.life() && nodeId.equals(node.nodeId());
    }
  }

  @Override
  public String id() {
    return "I1";
  }

  @Override
  public void afterStep(NodeProbe node) {
    if (!node.isLeader() || last.is(node)) {
      return;
    }
    last = new Reign(node.term(), node.nodeId(), node.life());
    Reign first = reigns.putIfAbsent(node.term(), last);
    if (first != null && !first.equals(last)) {
      throw context.violation(
          id(),
          "two leaders in term %d: %s (life %d) and %s (life %d)",
          node.term(),
          first.nodeId,
          first.life,
          node.nodeId(),
          node.life());
    }
  }
}
