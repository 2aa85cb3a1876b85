package io.vertxraft.testkit.oracle;

import java.util.HashMap;
import java.util.Map;

/**
 * I5, Leader Completeness (§5.4): a new leader has every entry that was committed in an earlier
 * term.
 */
public final class LeaderCompleteness implements Oracle {
  private final OracleContext context;
  private final Map<String, Long> checkedTerms = new HashMap<>();

  /** The rule for a run. */
  public LeaderCompleteness(OracleContext context) {
    this.context = context;
  }

  @Override
  public String id() {
    return "I5";
  }

  @Override
  public void afterTurn(NodeProbe node) {
    if (!node.isLeader()) {
      return;
    }
    Long checked = checkedTerms.get(node.nodeId());
    if (checked != null && checked == node.term()) {
      return;
    }
    checkedTerms.put(node.nodeId(), node.term());
    long committed = context.ledger().lastIndexCommittedBefore(node.term());
    if (!context.coversCommitted(node.log(), committed)) {
      throw context.violation(
          id(),
          "%s leads term %d with a log %d..%d that lacks committed entries up to %d",
          node.nodeId(),
          node.term(),
          node.log().firstIndex(),
          node.lastIndex(),
          committed);
    }
  }
}
