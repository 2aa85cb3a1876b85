package io.vertxraft.testkit.linearizability;

/** What a check came to. */
public enum Verdict {
  /** Some order of the operations explains every answer and respects real time. */
  LINEARIZABLE,
  /** No order does. */
  NOT_LINEARIZABLE,
  /**
   * The search ended before it knew. Treat it as a failure: the history is too concurrent, or has
   * too many operations of unknown outcome, to prove anything.
   */
  BUDGET
}
