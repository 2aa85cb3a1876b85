package io.vertxraft.consensus;

/** Where a core gets its random numbers. */
@FunctionalInterface
public interface RandomSource {
  /** A number that is uniform in {@code [0, bound)}; {@code bound} is positive. */
  long next(long bound);
}
