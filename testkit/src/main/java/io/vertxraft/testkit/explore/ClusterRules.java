package io.vertxraft.testkit.explore;

/** Safety rules that show in a global state. */
final class ClusterRules {
  private ClusterRules() {}

  /** The rule that {@code state} breaks, or null. */
  static String check(World world, int[] state) {
    String broken = logMatching(world, state);
    if (broken == null) {
      broken = leaderCompleteness(world, state);
    }
    return broken == null ? durability(world, state) : broken;
  }

  /** Logs that have the same term at an index are equal up to there. */
  private static String logMatching(World world, int[] state) {
    int nodes = world.nodes().size();
    for (int one = 0; one < nodes; one++) {
      for (int other = one + 1; other < nodes; other++) {
        int left = world.state(state, one).log();
        int right = world.state(state, other).log();
        int index = left == right ? 0 : world.logs().mismatch(left, right);
        if (index != 0) {
          return "log matching: %s has %s and %s has %s, which differ although index %d has one term"
              .formatted(
                  world.nodes().get(one),
                  world.logs().text(left),
                  world.nodes().get(other),
                  world.logs().text(right),
                  index);
        }
      }
    }
    return null;
  }

  /** A leader has everything that was committed in its term and before. */
  private static String leaderCompleteness(World world, int[] state) {
    for (int node = 0; node < world.nodes().size(); node++) {
      LocalState member = world.state(state, node);
      if (!member.isLeader()) {
        continue;
      }
      int committed = world.commits().logUpTo(world.history(state), member.term());
      if (!world.logs().isPrefix(committed, member.log())) {
        return "leader completeness: %s leads term %d with %s, but committed was %s"
            .formatted(
                world.nodes().get(node),
                member.term(),
                world.logs().text(member.log()),
                world.logs().text(committed));
      }
    }
    return null;
  }

  /** What is committed is and stays on the disks of a majority. */
  private static String durability(World world, int[] state) {
    int committed = world.commits().log(world.history(state));
    int count = 0;
    for (int node = 0; node < world.nodes().size(); node++) {
      if (world.logs().isPrefix(committed, world.state(state, node).durableLog())) {
        count++;
      }
    }
    return count * 2 > world.nodes().size()
        ? null
        : "durability: committed %s is on %d of %d disks"
            .formatted(world.logs().text(committed), count, world.nodes().size());
  }
}
