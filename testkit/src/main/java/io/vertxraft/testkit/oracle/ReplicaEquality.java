package io.vertxraft.testkit.oracle;

import java.util.Map;
import java.util.TreeMap;

/** I15: at the end of a run, members that have applied as much have the same log and state. */
public final class ReplicaEquality implements Oracle {
  private final OracleContext context;
  private final Map<String, State> states = new TreeMap<>();

  /** The rule for a run. */
  public ReplicaEquality(OracleContext context) {
    this.context = context;
  }

  private record State(int life, long index, long stateHash) {}

  @Override
  public String id() {
    return "I15";
  }

  @Override
  public void applied(NodeProbe node, long index, long term, long payloadHash, long stateHash) {
    states.put(node.nodeId(), new State(node.life(), index, stateHash));
  }

  @Override
  public void snapshotLoaded(NodeProbe node, long index, long term, long stateHash) {
    long command = context.ledger().lastCommandUpTo(index);
    states.put(node.nodeId(), new State(node.life(), command, stateHash));
  }

  @Override
  public void finished() {
    for (NodeProbe a : context.nodes()) {
      for (NodeProbe b : context.nodes()) {
        if (a != b && isCaughtUp(a) && isCaughtUp(b) && a.lastIndex() == b.lastIndex()) {
          compare(a, b);
        }
      }
    }
  }

  private static boolean isCaughtUp(NodeProbe node) {
    return node.isRunning() && node.commitIndex() == node.lastIndex();
  }

  private void compare(NodeProbe a, NodeProbe b) {
    long last = a.lastIndex();
    if (a.log().chainHashAt(last) != b.log().chainHashAt(last)) {
      throw context.violation(
          id(), "%s and %s are caught up to %d with different logs", a.nodeId(), b.nodeId(), last);
    }
    State stateA = states.get(a.nodeId());
    State stateB = states.get(b.nodeId());
    boolean comparable =
        stateA != null
            && stateB != null
            && stateA.life == a.life()
            && stateB.life == b.life()
            && stateA.index == stateB.index;
    if (comparable && stateA.stateHash != stateB.stateHash) {
      throw context.violation(
          id(),
          "%s and %s have applied up to %d and have different states",
          a.nodeId(),
          b.nodeId(),
          stateA.index);
    }
  }
}
