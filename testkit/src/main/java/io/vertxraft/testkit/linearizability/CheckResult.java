package io.vertxraft.testkit.linearizability;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a check came to.
 *
 * @param verdict {@link Verdict#NOT_LINEARIZABLE} if any key is not; else {@link Verdict#BUDGET} if
 *     any key's verdict is; else {@link Verdict#LINEARIZABLE}
 * @param keys the keys in the order of their first operations
 */
public record CheckResult(Verdict verdict, List<KeyResult> keys) {
  /** Whether everything is proven right; false for {@link Verdict#BUDGET} too. */
  public boolean ok() {
    return verdict == Verdict.LINEARIZABLE;
  }

  /** The keys that are not proven right. */
  public List<KeyResult> failures() {
    return keys.stream().filter(key -> key.verdict() != Verdict.LINEARIZABLE).toList();
  }

  /** Number of operations checked. */
  public long operations() {
    return keys.stream().mapToLong(KeyResult::operations).sum();
  }

  /** Effort of the search over all keys. */
  public long steps() {
    return keys.stream().mapToLong(KeyResult::steps).sum();
  }

  /** What is wrong, as text for people; one line if nothing is. */
  public String report() {
    String head =
        "%s: %d operations on %d keys, %d keys not proven right, %d steps"
            .formatted(verdict, operations(), keys.size(), failures().size(), steps());
    String details =
        keys.stream()
            .map(KeyResult::report)
            .filter(report -> !report.isEmpty())
            .map(report -> System.lineSeparator() + report)
            .collect(Collectors.joining());
    return head + details;
  }
}
