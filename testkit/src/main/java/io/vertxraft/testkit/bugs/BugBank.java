package io.vertxraft.testkit.bugs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** All bugs that can be planted, and those that wait for the product to grow. */
public final class BugBank {
  private static final List<PlantedBug> ALL = collect();

  private BugBank() {}

  private static List<PlantedBug> collect() {
    List<PlantedBug> all = new ArrayList<>();
    all.addAll(VoteBugs.all());
    all.addAll(LeadershipBugs.all());
    all.addAll(ReplicationBugs.all());
    all.addAll(CommitBugs.all());
    all.addAll(RuntimeBugs.all());
    all.addAll(ReadBugs.all());
    all.addAll(SnapshotBugs.all());
    all.addAll(SessionBugs.all());
    all.addAll(PendingBugs.all());
    return List.copyOf(all);
  }

  /** Every bug, always in the same order. */
  public static List<PlantedBug> all() {
    return ALL;
  }

  /** The bugs that can be planted. */
  public static List<PlantedBug> plantable() {
    return ALL.stream().filter(bug -> !bug.isPending()).toList();
  }

  /**
   * The bug with a name.
   *
   * @throws IllegalArgumentException if there is none; the message lists all names
   */
  public static PlantedBug find(String name) {
    for (PlantedBug bug : ALL) {
      if (bug.name().equals(name)) {
        return bug;
      }
    }
    throw new IllegalArgumentException(
        "there is no bug '%s'; there are %s"
            .formatted(
                name,
                plantable().stream().map(PlantedBug::name).collect(Collectors.joining(", "))));
  }
}
