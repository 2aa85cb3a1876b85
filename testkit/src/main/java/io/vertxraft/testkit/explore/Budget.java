package io.vertxraft.testkit.explore;

/** Counters of what may still happen, all in one number, four bits each. */
enum Budget {
  TIMEOUTS,
  HEARTBEATS,
  RESTARTS,
  DUPLICATES,
  SLOW_WRITES,
  REPROBES,
  VALUES;

  private static final int BITS = 4;
  private static final int MASK = (1 << BITS) - 1;

  int left(int budgets) {
    return (budgets >> shift()) & MASK;
  }

  /** The budgets with one less here; there must be one left. */
  int spend(int budgets) {
    return budgets - (1 << shift());
  }

  private int shift() {
    return ordinal() * BITS;
  }

  private int of(int count) {
    return count << shift();
  }

  static int of(Bounds bounds) {
    return TIMEOUTS.of(bounds.timeouts())
        | HEARTBEATS.of(bounds.heartbeats())
        | RESTARTS.of(bounds.restarts())
        | DUPLICATES.of(bounds.duplicates())
        | SLOW_WRITES.of(bounds.slowWrites())
        | REPROBES.of(bounds.reprobes())
        | VALUES.of(bounds.values());
  }

  /** As much as can be. */
  static int full() {
    int budgets = 0;
    for (Budget budget : values()) {
      budgets |= budget.of(MASK);
    }
    return budgets;
  }
}
