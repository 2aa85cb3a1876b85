package io.vertxraft.testkit.explore;

/** Tells a way through the states, one action a line, with what it did to the member concerned. */
final class Report {
  private final World world;
  private final StringBuilder steps = new StringBuilder();
  private String broken = "no rule";
  private int count;

  Report(World world) {
    this.world = world;
  }

  /** Adds the action that {@code world} has just taken. */
  void add(int action, World.Outcome outcome) {
    steps.append(
        "%n%3d. %s".formatted(++count, Action.text(action, world.nodes(), world.messages())));
    if (outcome == World.Outcome.BROKEN) {
      broken = world.violation();
      return;
    }
    if (Action.code(action) != Action.FORGET && !Action.isLost(action)) {
      int node = Action.node(action);
      LocalState member = world.state(world.next(), node);
      steps.append("%n       %s: %s".formatted(world.nodes().get(node), member.text(world.logs())));
    }
    String rule = ClusterRules.check(world, world.next());
    broken = rule == null ? broken : rule;
  }

  String text() {
    return broken + steps;
  }
}
