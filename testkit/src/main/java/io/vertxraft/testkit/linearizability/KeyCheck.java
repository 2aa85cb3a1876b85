package io.vertxraft.testkit.linearizability;

import java.util.List;

/** The check of one key. */
final class KeyCheck<S, I, O> {
  private final String key;
  private final Model<S, I, O> model;
  private final List<Operation<I, O>> operations;
  private final KeyHistory<I, O> history;
  private Verdict verdict = Verdict.BUDGET;
  private long points;

  KeyCheck(String key, Model<S, I, O> model, List<Operation<I, O>> operations) {
    this.key = key;
    this.model = model;
    this.operations = operations;
    this.history = new KeyHistory<>(model, operations);
  }

  Verdict verdict() {
    return verdict;
  }

  /** Searches with a budget, unless the answer is known. */
  void run(long budget) {
    if (verdict == Verdict.BUDGET) {
      Search<S, I, O> search = new Search<>(model, history);
      verdict = search.run(budget);
      points += search.points();
    }
  }

  KeyResult result(boolean explain, long budget) {
    return new KeyResult(key, verdict, operations.size(), points, explain ? text(budget) : "");
  }

  private String text(long budget) {
    return switch (verdict) {
      case LINEARIZABLE -> "";
      case NOT_LINEARIZABLE -> Timeline.of(key, Counterexample.find(model, operations, budget));
      case BUDGET ->
          "key '%s': no verdict on %d operations, %d of them without an answer, after %d steps"
              .formatted(key, operations.size(), history.openCount(), points);
    };
  }
}
