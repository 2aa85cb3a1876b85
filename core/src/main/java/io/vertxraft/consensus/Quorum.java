package io.vertxraft.consensus;

import io.vertxraft.protocol.Configuration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Majority arithmetic. In a joint configuration every decision needs a majority of both halves,
 * counted separately (§6).
 */
public final class Quorum {
  /** The state of an election. */
  public enum Tally {
    /** A quorum granted. */
    WON,
    /** No quorum can grant any more. */
    LOST,
    /** Neither yet. */
    PENDING
  }

  private Quorum() {}

  /** Members that a majority of {@code voters} takes: more than half. */
  public static int majority(int voters) {
    return voters / 2 + 1;
  }

  /** Whether the members that satisfy {@code test} include a quorum. */
  public static boolean reached(Configuration configuration, Predicate<String> test) {
    return reached(configuration.voters(), test)
        && (!configuration.isJoint() || reached(configuration.outgoing(), test));
  }

  private static boolean reached(Set<String> voters, Predicate<String> test) {
    int count = 0;
    for (String voter : voters) {
      if (test.test(voter)) {
        count++;
      }
    }
    return count >= majority(voters.size());
  }

  /**
   * The largest value that a quorum has reached: with match indexes as values, the largest index
   * that is durable on a quorum.
   */
  public static long reachedValue(Configuration configuration, ToLongFunction<String> value) {
    long incoming = reachedValue(configuration.voters(), value);
    return configuration.isJoint()
        ? Math.min(incoming, reachedValue(configuration.outgoing(), value))
        : incoming;
  }

  private static long reachedValue(Set<String> voters, ToLongFunction<String> value) {
    long[] values = new long[voters.size()];
    int count = 0;
    for (String voter : voters) {
      values[count++] = value.applyAsLong(voter);
    }
    Arrays.sort(values);
    return values[values.length - majority(values.length)];
  }

  /** The state of an election with the votes received so far; true is a granted vote. */
  public static Tally tally(Configuration configuration, Map<String, Boolean> votes) {
    if (reached(configuration, id -> Boolean.TRUE.equals(votes.get(id)))) {
      return Tally.WON;
    }
    boolean stillPossible = reached(configuration, id -> !Boolean.FALSE.equals(votes.get(id)));
    return stillPossible ? Tally.PENDING : Tally.LOST;
  }
}
