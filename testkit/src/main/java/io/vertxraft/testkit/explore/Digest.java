package io.vertxraft.testkit.explore;

import io.vertxraft.testkit.ChainHash;

/** A 128-bit hash of a sequence of numbers. */
final class Digest {
  private static final long SEED_HIGH = 0x6a09_e667_f3bc_c908L;
  private static final long SEED_LOW = 0xbb67_ae85_84ca_a73bL;
  private static final long LOW_MASK = 0x3c6e_f372_fe94_f82bL;

  private long high = SEED_HIGH;
  private long low = SEED_LOW;

  long high() {
    return high;
  }

  long low() {
    return low;
  }

  void add(long value) {
    high = ChainHash.link(high, value);
    low = ChainHash.link(low, value ^ LOW_MASK);
  }

  /** Adds the sum of some digests, which does not depend on their order. */
  void addSum(long highs, long lows) {
    add(highs);
    add(lows);
  }
}
