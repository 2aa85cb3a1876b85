package io.vertxraft.testkit.oracle;

import java.util.HashMap;
import java.util.Map;

/**
 * R-16, how it comes about: what a member takes for durable is on its disk. A leader counts itself
 * by that, and entries leave memory by it.
 */
public final class DurableKnown implements Oracle {
  private final OracleContext context;
  private final Map<String, Long> seen = new HashMap<>();

  /** The rule for a run. */
  public DurableKnown(OracleContext context) {
    this.context = context;
  }

  @Override
  public String id() {
    return "R-16";
  }

  @Override
  public void afterTurn(NodeProbe node) {
    long index = node.durableIndex();
    Long before = seen.put(node.nodeId(), index);
    if (before != null && before == index) {
      return;
    }
    if (index > node.log().lastIndex()
        || !context.isDurable(node, index, node.log().chainHashAt(index))) {
      throw context.violation(
          id(),
          "%s takes its log for durable up to %d, but its disk, which ends at %d, does not hold it",
          node.nodeId(),
          index,
          node.disk().lastIndex());
    }
  }
}
