package io.vertxraft.examples.benchmark.report;

import io.vertxraft.examples.benchmark.member.Cluster.Measured;
import org.HdrHistogram.Histogram;

/**
 * What one library did in one round of one scenario.
 *
 * @param library its key
 * @param perSecond operations acknowledged per second
 * @param cpuMicros of all processes per operation
 * @param leaderAllocatedBytes in the process of the leader per operation
 * @param leaderHeapBytes in use at the end, garbage included
 * @param failure what the first failure says, or the empty string
 */
public record Sample(
    String library,
    Scenario scenario,
    int round,
    double perSecond,
    long acknowledged,
    long failed,
    double p50Micros,
    double p90Micros,
    double p99Micros,
    double p999Micros,
    double maxMicros,
    double cpuMicros,
    double leaderAllocatedBytes,
    long leaderHeapBytes,
    String failure) {
  /** What a cluster measured. */
  public static Sample of(String library, Scenario scenario, int round, Measured measured) {
    Histogram latency = measured.load().latencyMicros();
    double operations = Math.max(1, measured.load().acknowledged());
    return new Sample(
        library,
        scenario,
        round,
        measured.load().perSecond(),
        measured.load().acknowledged(),
        measured.load().failed(),
        latency.getValueAtPercentile(50),
        latency.getValueAtPercentile(90),
        latency.getValueAtPercentile(99),
        latency.getValueAtPercentile(99.9),
        latency.getMaxValue(),
        measured.cpuNanos() / 1e3 / operations,
        measured.leaderAllocatedBytes() / operations,
        measured.leaderHeapBytes(),
        measured.load().firstFailure());
  }
}
