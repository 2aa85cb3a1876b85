package io.vertxraft.testkit.linearizability;

import java.util.HashMap;
import java.util.Map;

/**
 * The points the search has seen. A point is of no use if one was seen before that differs only in
 * having used fewer of the operations without an answer: whatever order completes the one completes
 * the other too, as such operations may be left out.
 */
final class Visited<S> {
  private final Map<Configuration<S>, Used> seen = new HashMap<>();
  private long size;

  /** Smallest sets of used operations seen, none of which holds another. */
  private record Used(long[] bits, Used next) {}

  /** Adds a point; whether it was of use. */
  boolean add(Configuration<S> point) {
    Used sets = seen.get(point);
    for (Used set = sets; set != null; set = set.next) {
      if (isSubset(set.bits, point.used)) {
        return false;
      }
    }
    seen.put(point, new Used(point.used, without(sets, point.used)));
    size++;
    return true;
  }

  /** How many points were added. */
  long size() {
    return size;
  }

  /** The sets that do not hold {@code bits}. */
  private static Used without(Used sets, long[] bits) {
    Used rest = null;
    for (Used set = sets; set != null; set = set.next) {
      if (!isSubset(bits, set.bits)) {
        rest = new Used(set.bits, rest);
      }
    }
    return rest;
  }

  private static boolean isSubset(long[] inner, long[] outer) {
    for (int i = 0; i < inner.length; i++) {
      if ((inner[i] & ~outer[i]) != 0) {
        return false;
      }
    }
    return true;
  }
}
