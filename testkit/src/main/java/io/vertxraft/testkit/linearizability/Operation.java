package io.vertxraft.testkit.linearizability;

import java.util.Objects;

/**
 * An operation as its client saw it. Operations that certainly had no effect belong in no history.
 *
 * @param client who asked
 * @param key which part of the system it concerns; keys are checked apart from each other
 * @param input what was asked
 * @param output what was answered; null, and without meaning, if the outcome is unknown
 * @param callNanos when it was asked, in nanoseconds of any clock all clients share
 * @param returnNanos when it was answered, on the same clock; {@link #UNKNOWN} if it was not: it
 *     may have taken effect at any time since the call, or never
 */
public record Operation<I, O>(
    int client, String key, I input, O output, long callNanos, long returnNanos) {
  /** The return time of an operation whose outcome is not known. */
  public static final long UNKNOWN = Long.MAX_VALUE;

  /**
   * Checks the times.
   *
   * @throws IllegalArgumentException if the answer is before the question
   */
  public Operation {
    Objects.requireNonNull(key, "key");
    if (returnNanos < callNanos) {
      throw new IllegalArgumentException(
          "operation '%s' of client %d on key '%s' returns at %d, before its call at %d: take both from one monotonic clock"
              .formatted(input, client, key, returnNanos, callNanos));
    }
  }

  /** An operation of unknown outcome. */
  public static <I, O> Operation<I, O> unknown(int client, String key, I input, long callNanos) {
    return new Operation<>(client, key, input, null, callNanos, UNKNOWN);
  }

  /** Whether the answer is known. */
  public boolean isKnown() {
    return returnNanos != UNKNOWN;
  }

  /** The same operation, as if its answer had not come. */
  Operation<I, O> withoutAnswer() {
    return unknown(client, key, input, callNanos);
  }

  /** The same operation with another answer. */
  Operation<I, O> answering(O other) {
    return new Operation<>(client, key, input, other, callNanos, returnNanos);
  }
}
