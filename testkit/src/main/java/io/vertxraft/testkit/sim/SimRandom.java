package io.vertxraft.testkit.sim;

import io.vertxraft.testkit.ChainHash;
import java.util.SplittableRandom;

/**
 * A stream of random draws. Each purpose has a stream of its own, derived from the seed and the
 * purpose's name, so that one more draw here does not shift the draws there.
 *
 * <p>Only {@link SplittableRandom#nextLong()} is used; everything else is derived here, so that a
 * seed means the same on every JDK.
 */
public final class SimRandom {
  private final SplittableRandom source;

  /** The stream of {@code purpose} in the run {@code seed}. */
  public SimRandom(long seed, String purpose) {
    this.source = new SplittableRandom(ChainHash.link(seed, ChainHash.text(purpose)));
  }

  /** 64 random bits. */
  public long next() {
    return source.nextLong();
  }

  /** Uniform in {@code [0, bound)}; {@code bound} is positive. */
  public long below(long bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound " + bound + " is not positive");
    }
    long bits = source.nextLong() >>> 1;
    long value = bits % bound;
    while (bits - value + (bound - 1) < 0) {
      bits = source.nextLong() >>> 1;
      value = bits % bound;
    }
    return value;
  }

  /** Uniform in {@code [low, high]}. */
  public long between(long low, long high) {
    return low + below(high - low + 1);
  }

  /** Uniform in {@code [0, 1)}. */
  public double fraction() {
    return (source.nextLong() >>> 11) * 0x1.0p-53;
  }

  /** True with the given probability; draws nothing for 0 and 1. */
  public boolean chance(double probability) {
    if (probability <= 0) {
      return false;
    }
    return probability >= 1 || fraction() < probability;
  }

  /** Exponentially distributed with the given mean; draws nothing for a mean of 0. */
  public long exponential(long mean) {
    return mean <= 0 ? 0 : (long) (-StrictMath.log(1 - fraction()) * mean);
  }
}
