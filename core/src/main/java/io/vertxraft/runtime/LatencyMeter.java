package io.vertxraft.runtime;

import io.vertxraft.LatencyStatus;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Durations of the last 10 to 20 seconds in buckets that are an eighth wide: the present window and
 * the one before. A few additions for each; memory does not grow. Confined to the node's context.
 */
final class LatencyMeter {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int EXACT = 16;
  private static final int SUB_BITS = 3;
  private static final int EXPONENT_MAX = 30;
  private static final int BUCKETS = EXACT + ((EXPONENT_MAX - SUB_BITS) << SUB_BITS);

  private int[] present = new int[BUCKETS];
  private int[] before = new int[BUCKETS];
  private long presentMax;
  private long beforeMax;
  private long presentSince;
  private long last;
  private boolean begun;

  /** Something took so long, and ends now. */
  void add(long nanos, long now) {
    rotate(now);
    long micros = Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos));
    present[bucket(micros)]++;
    presentMax = Math.max(presentMax, micros);
    last = micros;
  }

  private void rotate(long now) {
    long age = now - presentSince;
    if (begun && age < WINDOW_NANOS) {
      return;
    }
    boolean muchLater = !begun || age >= 2 * WINDOW_NANOS;
    int[] oldest = before;
    before = present;
    beforeMax = presentMax;
    if (muchLater) {
      Arrays.fill(before, 0);
      beforeMax = 0;
    }
    Arrays.fill(oldest, 0);
    present = oldest;
    presentMax = 0;
    presentSince = now;
    begun = true;
  }

  /** Up to 16 each microsecond has a bucket, then eight share the way to the next power of two. */
  private static int bucket(long micros) {
    if (micros < EXACT) {
      return (int) micros;
    }
    int exponent = Math.min(EXPONENT_MAX, 63 - Long.numberOfLeadingZeros(micros));
    long capped = Math.min(micros, (1L << (EXPONENT_MAX + 1)) - 1);
    int sub = (int) (capped >> (exponent - SUB_BITS)) & ((1 << SUB_BITS) - 1);
    return EXACT + ((exponent - SUB_BITS - 1) << SUB_BITS) + sub;
  }

  /** The longest duration of a bucket. */
  private static long longest(int bucket) {
    if (bucket < EXACT) {
      return bucket;
    }
    int exponent = ((bucket - EXACT) >> SUB_BITS) + SUB_BITS + 1;
    long sub = (bucket - EXACT) & ((1 << SUB_BITS) - 1);
    return (((1L << SUB_BITS) + sub + 1) << (exponent - SUB_BITS)) - 1;
  }

  /** What was measured, or null if nothing was for a while. */
  LatencyStatus describe(long now) {
    if (!begun) {
      return null;
    }
    rotate(now);
    long count = 0;
    for (int i = 0; i < BUCKETS; i++) {
      count += present[i] + (long) before[i];
    }
    if (count == 0) {
      return null;
    }
    long max = Math.max(presentMax, beforeMax);
    return new LatencyStatus()
        .setCount(count)
        .setLastMicros(last)
        .setP50Micros(Math.min(max, percentile(count, 50)))
        .setP90Micros(Math.min(max, percentile(count, 90)))
        .setP99Micros(Math.min(max, percentile(count, 99)))
        .setMaxMicros(max);
  }

  private long percentile(long count, int percent) {
    long wanted = (count * percent + 99) / 100;
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += present[i] + (long) before[i];
      if (seen >= wanted) {
        return longest(i);
      }
    }
    return Long.MAX_VALUE;
  }
}
