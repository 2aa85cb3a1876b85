package io.vertxraft.testkit.bugs;

import io.vertxraft.testkit.run.Profile;
import java.util.List;

/**
 * A bug of the bank.
 *
 * @param name how it is asked for
 * @param source where it was seen: a row of the list of real bugs as {@code #12}, a project and its
 *     issue, or "classic"
 * @param description what the mutated product does wrong, in one sentence
 * @param edits the changes that make it so; none if the product cannot have the bug yet
 * @param scenario a story that finds it at once; null if there are no edits
 * @param rule id of the rule that the story sees broken; of a pending bug, the requirement that
 *     brings what it needs
 * @param profile the faults among which random runs look for it
 */
public record PlantedBug(
    String name,
    String source,
    String description,
    List<SourceEdit> edits,
    Scenario scenario,
    String rule,
    Profile profile) {

  /** Makes the list immutable. */
  public PlantedBug {
    edits = List.copyOf(edits);
  }

  /** A bug that random runs look for among the usual faults. */
  PlantedBug(
      String name,
      String source,
      String description,
      List<SourceEdit> edits,
      Scenario scenario,
      String rule) {
    this(name, source, description, edits, scenario, rule, Profile.DEFAULT);
  }

  /** The same bug, to be looked for among other faults. */
  PlantedBug among(Profile otherProfile) {
    return new PlantedBug(name, source, description, edits, scenario, rule, otherProfile);
  }

  /** A bug that the product cannot have before {@code requirement} is built. */
  static PlantedBug pending(String name, String source, String requirement, String description) {
    return new PlantedBug(name, source, description, List.of(), null, requirement);
  }

  /** Whether the product cannot have the bug yet. */
  public boolean isPending() {
    return edits.isEmpty();
  }
}
