package io.vertxraft.testkit.oracle;

import java.util.HashMap;
import java.util.Map;

/**
 * I6, State Machine Safety (§5.4.3): all state machines apply the committed commands, each once, in
 * order, without a gap but for what they load as a snapshot, and come to the same state.
 */
public final class StateMachineSafety implements Oracle {
  private final OracleContext context;
  private final Map<String, Progress> progress = new HashMap<>();

  /** The rule for a run. */
  public StateMachineSafety(OracleContext context) {
    this.context = context;
  }

  private static final class Progress {
    int life;
    long index;
  }

  @Override
  public String id() {
    return "I6";
  }

  @Override
  public void applied(NodeProbe node, long index, long term, long payloadHash, long stateHash) {
    Progress at = progressOf(node);
    CommitLedger ledger = context.ledger();
    if (index > ledger.lastIndex()) {
      throw failed(node, index, "which is not committed: committed is " + ledger.lastIndex());
    }
    if (index <= at.index) {
      throw failed(node, index, "after " + at.index);
    }
    for (long skipped = at.index + 1; skipped < index; skipped++) {
      if (ledger.isCommand(skipped)) {
        throw failed(node, index, "but skipped the command at " + skipped);
      }
    }
    if (term != ledger.termAt(index) || payloadHash != ledger.payloadHashAt(index)) {
      throw failed(node, index, "but not the command committed there");
    }
    if (!ledger.isCommand(index)) {
      throw failed(node, index, "though what is committed there takes no effect");
    }
    at.index = index;
    compareState(node, index, stateHash);
  }

  /** What a snapshot holds need not be applied any more; what it does not hold may not be lost. */
  @Override
  public void snapshotLoaded(NodeProbe node, long index, long term, long stateHash) {
    Progress at = progressOf(node);
    if (index < at.index) {
      throw context.violation(
          id(),
          "%s loaded the snapshot at %d after it had applied %d",
          node.nodeId(),
          index,
          at.index);
    }
    at.index = index;
  }

  private Progress progressOf(NodeProbe node) {
    Progress at = progress.computeIfAbsent(node.nodeId(), id -> new Progress());
    if (at.life != node.life()) {
      at.life = node.life();
      at.index = 0;
    }
    return at;
  }

  private void compareState(NodeProbe node, long index, long stateHash) {
    long known = context.ledger().stateHashAt(index);
    if (known == 0) {
      context.ledger().setStateHash(index, stateHash);
    } else if (known != stateHash) {
      throw failed(node, index, "and came to another state than its peers");
    }
  }

  private Violation failed(NodeProbe node, long index, String how) {
    return context.violation(id(), "%s applied index %d %s", node.nodeId(), index, how);
  }
}
