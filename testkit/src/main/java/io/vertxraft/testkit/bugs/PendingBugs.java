package io.vertxraft.testkit.bugs;

import static io.vertxraft.testkit.bugs.PlantedBug.pending;

import java.util.List;
import java.util.stream.Stream;

/** Real bugs that need features which the product does not have yet. */
final class PendingBugs {
  private PendingBugs() {}

  static List<PlantedBug> all() {
    return Stream.of(ofSnapshots(), ofConfigurations(), ofSessions())
        .flatMap(List::stream)
        .toList();
  }

  /** Snapshots, and state machines that keep their own. */
  private static List<PlantedBug> ofSnapshots() {
    return List.of(
        pending(
            "applied-index-apart-from-state",
            "#6",
            "R-13",
            "A durable state machine and the index it stands at are written apart."),
        pending(
            "old-snapshot-truncates-log",
            "#13",
            "R-29",
            "A late copy of an old snapshot removes newer entries."),
        pending(
            "conflict-at-snapshot-index-kept",
            "#14",
            "R-28",
            "A conflicting entry at the snapshot's index stays, and the snapshot is sent for ever."),
        pending(
            "snapshot-installed-while-applying",
            "#15",
            "R-25",
            "Entries before a snapshot are applied after it was installed."),
        pending(
            "snapshot-ahead-of-log-at-start",
            "#16",
            "R-23",
            "A member whose snapshot is ahead of its log refuses to start."),
        pending(
            "append-before-snapshot-misplaced",
            "#17",
            "R-29",
            "AppendEntries from before the follower's snapshot puts entries at wrong places."));
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

  /** Clients that try again. */
  private static List<PlantedBug> ofSessions() {
    return List.of(
        pending(
            "retry-applied-twice",
            "#25",
            "R-10",
            "A command that is sent again after an unknown outcome is applied again."));
  }
}
