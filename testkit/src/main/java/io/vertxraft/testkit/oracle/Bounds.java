package io.vertxraft.testkit.oracle;

/** I14: whatever a node holds on to stays within the limits it was given. */
public final class Bounds implements Oracle {
  private final OracleContext context;

  /** The rule for a run. */
  public Bounds(OracleContext context) {
    this.context = context;
  }

  @Override
  public String id() {
    return "I14";
  }

  @Override
  public void afterTurn(NodeProbe node) {
    String exceeded = node.exceededBound();
    if (exceeded != null) {
      throw context.violation(id(), "%s holds more than it may: %s", node.nodeId(), exceeded);
    }
  }
}
