package io.vertxraft.testkit.spec;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a check has seen.
 *
 * @param events lines of the trace
 * @param actions how often each action was seen and found legal; actions never seen are absent
 */
public record SpecReport(long events, Map<SpecAction, Long> actions) {
  /** Creates the report; the map is copied. */
  public SpecReport {
    Map<SpecAction, Long> copy = new EnumMap<>(SpecAction.class);
    copy.putAll(actions);
    actions = Collections.unmodifiableMap(copy);
  }

  /** How many transitions were checked: all actions together. */
  public long transitions() {
    return actions.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How often an action was seen. */
  public long count(SpecAction action) {
    return actions.getOrDefault(action, 0L);
  }

  @Override
  public String toString() {
    return events + " events, " + transitions() + " transitions checked, ok";
  }
}
