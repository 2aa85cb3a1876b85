package io.vertxraft.testkit.sim;

import io.vertxraft.Consistency;
import java.util.Map;
import java.util.TreeMap;

/** What had been acknowledged when, and so what reads must have seen. */
final class Freshness {
  private static final long NANOS_PER_MS = 1_000_000;

  /** A member measures the age of what it knows on its own clock, which may run slow. */
  private static final double SLOWEST_CLOCK = 0.9;

  private final TreeMap<Long, Long> indexByTime = new TreeMap<>();
  private long highest;

  /** The command at {@code index} is acknowledged now. */
  void acknowledged(long index, long nowNanos) {
    if (index > highest) {
      highest = index;
      indexByTime.put(nowNanos, index);
    }
  }

  /** Whether a read that was answered has missed something that its promise includes. */
  boolean isStale(ClientOperation read) {
    long since = read.invokedNanos();
    Consistency consistency = read.consistency();
    switch (consistency.getLevel()) {
      case LINEARIZABLE, LEASE -> {
        // Everything acknowledged before the read began.
      }
      case BOUNDED -> since -= (long) (consistency.getMaxAgeMs() * NANOS_PER_MS / SLOWEST_CLOCK);
      case LOCAL -> {
        return false;
      }
    }
    Map.Entry<Long, Long> known = indexByTime.lowerEntry(since);
    return known != null && read.reply().index() < known.getValue();
  }
}
