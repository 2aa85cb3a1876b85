package io.vertxraft.examples.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import org.HdrHistogram.Histogram;

/**
 * What came of the writes of about the last second, newest answers included: the samples that lie
 * in it, and always the last one, however long it took.
 */
final class RecentWrites {
  private static final long SPAN_NANOS = 1_000_000_000L;

  private final Deque<Sample> samples = new ArrayDeque<>();
  private long endNanos;

  private record Sample(long beginNanos, Histogram latencies) {}

  /** Begins with no writes. */
  RecentWrites(long nowNanos) {
    endNanos = nowNanos;
  }

  /** Adds the latencies, in microseconds, of the writes acknowledged since the last call. */
  void add(Histogram latencies, long nowNanos) {
    samples.addLast(new Sample(endNanos, latencies));
    endNanos = nowNanos;
    while (samples.size() > 1 && endNanos - samples.getFirst().beginNanos() > SPAN_NANOS) {
      samples.removeFirst();
    }
  }

  /** Acknowledged writes per second. */
  double perSecond() {
    long elapsed = samples.isEmpty() ? 0 : endNanos - samples.getFirst().beginNanos();
    long count = samples.stream().mapToLong(s -> s.latencies().getTotalCount()).sum();
    return elapsed <= 0 ? 0 : count * 1e9 / elapsed;
  }

  /** A percentile of the latency in microseconds; 0 without writes. */
  long percentileMicros(double percentile) {
    Histogram all = null;
    for (Sample sample : samples) {
      if (all == null) {
        all = sample.latencies().copy();
      } else {
        all.add(sample.latencies());
      }
    }
    return all == null ? 0 : all.getValueAtPercentile(percentile);
  }
}
