package io.vertxraft.testkit.bugs;

import static io.vertxraft.testkit.bugs.PlantedBug.pending;

import java.util.List;
import java.util.stream.Stream;

/** Real bugs that need features which the product does not have yet. */
final class PendingBugs {
  private PendingBugs() {}

  static List<PlantedBug> all() {
    return Stream.of(ofDurableStates(), ofConfigurations()).flatMap(List::stream).toList();
  }

  /** State machines that keep their state themselves. */
  private static List<PlantedBug> ofDurableStates() {
    return List.of(
        pending(
            "applied-index-apart-from-state",
            "#6",
            "R-13",
            "A durable state machine and the index it stands at are written apart."));
  }

  /** Changes of the membership. */
  private static List<PlantedBug> ofConfigurations() {
    return List.of(
        pending(
            "configuration-changed-before-own-term",
            "#18",
            "R-40",
            "A new leader changes the configuration before it has committed in its own term."),
        pending(
            "pending-configuration-forgotten",
            "#19",
            "R-41",
            "An uncommitted configuration is forgotten at a restart, or voters vote by their own."),
        pending(
            "removed-leader-keeps-final-configuration",
            "#20",
            "R-41",
            "A leader that removes itself writes the final configuration only to its own log."));
  }
}
