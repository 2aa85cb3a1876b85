package io.vertxraft.testkit.bugs;

import io.vertxraft.testkit.oracle.Violation;
import io.vertxraft.testkit.run.Profile;
import io.vertxraft.testkit.run.Simulation;
import io.vertxraft.testkit.run.SimulationResult;
import java.util.Map;
import java.util.Optional;

/**
 * What runs inside a class loader with a planted bug. Arguments and results are plain JDK types,
 * because nothing else is the same class on both sides. Runs outside such a loader too, without any
 * bug.
 */
public final class PlantedRun {
  private static final String RULE = "rule";
  private static final String REPORT = "report";

  private PlantedRun() {}

  /**
   * Runs a seed; an empty map, or the rule that was broken and the report.
   *
   * @param profile name of the {@link Profile}
   */
  public static Map<String, String> simulate(long seed, String profile, long ms) {
    SimulationResult result = Simulation.run(seed, Profile.valueOf(profile), ms);
    return result.ok() ? Map.of() : broken(result.rule(), result.violation());
  }

  /** Plays the story of a bug; an empty map, or the rule that was broken and the report. */
  public static Map<String, String> playScenario(String bugName) {
    try {
      BugBank.find(bugName).scenario().play();
      return Map.of();
    } catch (Violation e) {
      return broken(e.oracleId(), e.getMessage());
    }
  }

  static Optional<Finding> finding(Map<?, ?> result) {
    return result.isEmpty()
        ? Optional.empty()
        : Optional.of(new Finding((String) result.get(RULE), (String) result.get(REPORT)));
  }

  private static Map<String, String> broken(String rule, String report) {
    return Map.of(RULE, rule, REPORT, report);
  }
}
