package io.vertxraft.testkit.oracle;

import io.vertxraft.protocol.HardState;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * I9: term and vote never go back, on disk and in memory; a new life starts with exactly what the
 * disk holds.
 */
public final class HardStateMonotone implements Oracle {
  private final OracleContext context;
  private final Map<String, Known> known = new HashMap<>();

  /** The rule for a run. */
  public HardStateMonotone(OracleContext context) {
    this.context = context;
  }

  private static final class Known {
    int life;
    long term;
    HardState durable = HardState.INITIAL;
  }

  @Override
  public String id() {
    return "I9";
  }

  @Override
  public void afterStep(NodeProbe node) {
    Known last = known.computeIfAbsent(node.nodeId(), id -> new Known());
    HardState durable = node.disk().hardState();
    if (durable != last.durable) {
      checkDisk(node, last.durable, durable);
      last.durable = durable;
    }
    if (last.life != node.life()) {
      checkRecovery(node, durable);
      last.life = node.life();
    } else if (node.term() < last.term) {
      throw failed(node, "went from term " + last.term + " back to " + node.term());
    }
    if (node.term() < durable.term()) {
      throw failed(node, "is in term " + node.term() + " but its disk is in " + durable.term());
    }
    last.term = node.term();
  }

  private void checkDisk(NodeProbe node, HardState before, HardState after) {
    boolean sameTerm = after.term() == before.term();
    if (after.term() < before.term()
        || (sameTerm && before.votedFor() != null && !before.votedFor().equals(after.votedFor()))) {
      throw failed(node, "wrote " + after + " over " + before);
    }
  }

  private void checkRecovery(NodeProbe node, HardState durable) {
    if (node.term() != durable.term() || !Objects.equals(node.votedFor(), durable.votedFor())) {
      throw failed(
          node,
          "started with term " + node.term() + ", vote " + node.votedFor() + " from " + durable);
    }
  }

  private Violation failed(NodeProbe node, String how) {
    return context.violation(id(), "%s %s", node.nodeId(), how);
  }
}
