package io.vertxraft.testkit.linearizability;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks histories against models: is there, for each key, an order of its operations in which each
 * takes effect at one instant between its call and its return, with the answers the model gives?
 * Operations that share an instant overlap. Operations without an answer may have taken effect at
 * any time after their call, or not at all.
 *
 * <pre>{@code
 * CheckResult result =
 *     new LinearizabilityChecker().add(new RegisterModel<String>(), recorder.operations()).check();
 * assertTrue(result.ok(), result.report());
 * }</pre>
 *
 * <p>The effort grows with the number of operations on a key that overlap: keep it at ten or below,
 * spread operations over many keys, and write values that differ. Not thread-safe.
 */
public final class LinearizabilityChecker {
  /** Steps per key in the first round. */
  public static final long FIRST_BUDGET = 10_000;

  /** Steps per key in the last round, unless told otherwise; some 200 bytes of heap each. */
  public static final long DEFAULT_BUDGET_MAX = 2_000_000;

  private static final int BUDGET_FACTOR = 8;
  private static final int EXPLAINED_MAX = 3;

  private final List<KeyCheck<?, ?, ?>> keys = new ArrayList<>();
  private long budgetMax = DEFAULT_BUDGET_MAX;

  /**
   * Sets how many steps a key may take before the verdict is {@link Verdict#BUDGET}.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public LinearizabilityChecker budgetMax(long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("a budget of " + steps + " steps: it must be positive");
    }
    this.budgetMax = steps;
    return this;
  }

  /**
   * Adds operations. Each call stands for keys of its own: operations on one key go into one call.
   *
   * @param model what each of their keys is
   * @param operations in any order
   */
  public <S, I, O> LinearizabilityChecker add(
      Model<S, I, O> model, List<Operation<I, O>> operations) {
    Map<String, List<Operation<I, O>>> byKey = new LinkedHashMap<>();
    for (Operation<I, O> operation : operations) {
      byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
    }
    byKey.forEach((key, ofKey) -> keys.add(new KeyCheck<>(key, model, ofKey)));
    return this;
  }

  /**
   * Checks everything added: all keys with a small budget first, since most are decided at once and
   * one that is wrong ends the check, then with rising ones those that are left.
   */
  public CheckResult check() {
    long budget = Math.min(FIRST_BUDGET, budgetMax);
    Verdict verdict = round(budget);
    while (verdict == Verdict.BUDGET && budget < budgetMax) {
      budget = Math.min(budget * BUDGET_FACTOR, budgetMax);
      verdict = round(budget);
    }
    return new CheckResult(verdict, results(verdict));
  }

  private Verdict round(long budget) {
    Verdict verdict = Verdict.LINEARIZABLE;
    for (KeyCheck<?, ?, ?> key : keys) {
      key.run(budget);
      if (key.verdict() == Verdict.NOT_LINEARIZABLE || verdict == Verdict.LINEARIZABLE) {
        verdict = key.verdict();
      }
    }
    return verdict;
  }

  /** Explains the first keys with the verdict of the whole. */
  private List<KeyResult> results(Verdict verdict) {
    List<KeyResult> results = new ArrayList<>();
    int explained = 0;
    for (KeyCheck<?, ?, ?> key : keys) {
      boolean explain = key.verdict() == verdict && explained < EXPLAINED_MAX;
      explained += explain ? 1 : 0;
      results.add(key.result(explain, budgetMax));
    }
    return List.copyOf(results);
  }
}
