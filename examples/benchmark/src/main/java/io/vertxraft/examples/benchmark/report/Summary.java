package io.vertxraft.examples.benchmark.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Medians over the rounds, and ratios of what was measured in the same round. */
final class Summary {
  private final List<Sample> samples;

  Summary(List<Sample> samples) {
    this.samples = List.copyOf(samples);
  }

  /** In the order in which they were measured. */
  List<Scenario> scenarios() {
    return samples.stream().map(Sample::scenario).distinct().toList();
  }

  /** Scenarios by their title. */
  Map<String, List<Scenario>> byTitle() {
    Map<String, List<Scenario>> groups = new LinkedHashMap<>();
    for (Scenario scenario : scenarios()) {
      groups.computeIfAbsent(scenario.title(), ignored -> new ArrayList<>()).add(scenario);
    }
    return groups;
  }

  /** In the order in which they were measured. */
  List<String> libraries(Scenario scenario) {
    return of(scenario).stream().map(Sample::library).distinct().toList();
  }

  List<Sample> of(Scenario scenario) {
    return samples.stream().filter(sample -> sample.scenario().equals(scenario)).toList();
  }

  List<Sample> of(Scenario scenario, String library) {
    return of(scenario).stream().filter(sample -> sample.library().equals(library)).toList();
  }

  double median(Scenario scenario, String library, ToDoubleFunction<Sample> value) {
    return Numbers.median(of(scenario, library).stream().mapToDouble(value));
  }

  /**
   * The median over the rounds of one library's figure divided by the other's of the same round;
   * NaN if they never met.
   */
  double ratio(Scenario scenario, String library, String other, ToDoubleFunction<Sample> value) {
    return Numbers.median(
        of(scenario, library).stream()
            .flatMap(
                mine ->
                    of(scenario, other).stream()
                        .filter(theirs -> theirs.round() == mine.round())
                        .map(theirs -> value.applyAsDouble(mine) / value.applyAsDouble(theirs)))
            .mapToDouble(Double::doubleValue));
  }
}
