package io.vertxraft.testkit.linearizability;

import java.util.Objects;

/**
 * What one key is, done one operation at a time: a deterministic sequential specification. Keys are
 * independent of each other; what is not must be put under one key.
 *
 * @param <S> a state: immutable, with equals and hashCode. Reports show its text.
 * @param <I> what an operation is asked to do. Reports show its text.
 * @param <O> what it answers, may be null. Reports show its text.
 */
public interface Model<S, I, O> {
  /** The state of a key before its first operation. */
  S initial();

  /** What {@code input} does in {@code state}: the state after it, and the right answer. */
  Transition<S, O> apply(S state, I input);

  /** Whether {@code seen} is the right answer where the model gives {@code expected}. */
  default boolean matches(I input, O expected, O seen) {
    return Objects.equals(expected, seen);
  }

  /**
   * Whether {@code input} never changes any state. Such an operation says nothing if its answer is
   * not known, and is then left out. False is always safe.
   */
  default boolean isReadOnly(I input) {
    return false;
  }

  /**
   * Whether {@code input} changes no state in which {@code output} is the right answer, as a
   * compare-and-set that failed. It makes the search shorter. False is always safe; true for an
   * operation that could change one makes verdicts wrong.
   */
  default boolean changedNothing(I input, O output) {
    return isReadOnly(input);
  }

  /**
   * Whether {@code output} can be the right answer to {@code input} in {@code state} or in any
   * state other operations lead to from there. It makes the search shorter, above all where each
   * order leads to a state of its own. True is always safe; false where one can makes verdicts
   * wrong.
   */
  default boolean canLeadTo(S state, I input, O output) {
    return true;
  }
}
