package io.vertxraft.testkit.oracle;

import io.vertxraft.testkit.LogChain;
import java.util.HashMap;
import java.util.Map;

/**
 * I7: the commit index never goes back in a node's life; what a node takes for committed is durable
 * on a quorum of disks and the same everywhere; by counting, a leader commits only entries of its
 * own term (§5.4.2). Feeds the {@link CommitLedger}.
 */
public final class CommitSafety implements Oracle {
  private final OracleContext context;
  private final Map<String, Mark> marks = new HashMap<>();

  /** The rule for a run. */
  public CommitSafety(OracleContext context) {
    this.context = context;
  }

  private static final class Mark {
    int life;
    long commitIndex;
  }

  @Override
  public String id() {
    return "I7";
  }

  @Override
  public void afterTurn(NodeProbe node) {
    Mark mark = marks.computeIfAbsent(node.nodeId(), id -> new Mark());
    long commit = node.commitIndex();
    if (mark.life != node.life()) {
      mark.life = node.life();
      mark.commitIndex = 0;
    }
    if (commit > node.log().lastIndex()) {
      throw failed(node, "is beyond the end of its log at " + node.log().lastIndex());
    }
    if (commit == mark.commitIndex) {
      return;
    }
    if (commit < mark.commitIndex) {
      throw failed(node, "went back from " + mark.commitIndex);
    }
    compareWithLedger(node, commit);
    mark.commitIndex = commit;
  }

  private void compareWithLedger(NodeProbe node, long commit) {
    CommitLedger ledger = context.ledger();
    LogChain log = node.log();
    long common = Math.min(commit, ledger.lastIndex());
    if (common < log.firstIndex() - 1) {
      throw failed(
          node,
          "is known by a log that starts at %d, while committed is %d"
              .formatted(log.firstIndex(), ledger.lastIndex()));
    }
    if (log.chainHashAt(common) != ledger.chainHashAt(common)) {
      throw failed(node, "covers other entries than were committed before, at or below " + common);
    }
    if (commit <= ledger.lastIndex()) {
      return;
    }
    if (!context.isDurableOnQuorum(commit, log.chainHashAt(commit))) {
      throw failed(node, "is not durable on a quorum of " + context.configuration());
    }
    if (node.isLeader() && log.termAt(commit) != node.term()) {
      throw failed(node, "was reached by counting an entry of term " + log.termAt(commit));
    }
    ledger.extend(log, commit, node.term());
  }

  private Violation failed(NodeProbe node, String how) {
    return context.violation(
        id(),
        "commit index %d of %s (term %d%s) %s",
        node.commitIndex(),
        node.nodeId(),
        node.term(),
        node.isLeader() ? ", leader" : "",
        how);
  }
}
