package io.vertxraft.metrics;

import io.vertxraft.RaftStatus;

/** A member's newest report: written by whoever asked, read by any thread. */
final class Sample {
  private volatile Taken taken;

  /**
   * A report and when it came.
   *
   * @param status the report
   * @param nanos of the JVM's own clock
   */
  private record Taken(RaftStatus status, long nanos) {}

  Sample(RaftStatus status) {
    take(status);
  }

  void take(RaftStatus status) {
    taken = new Taken(status, System.nanoTime());
  }

  RaftStatus newest() {
    return taken.status();
  }

  double ageSeconds() {
    return (System.nanoTime() - taken.nanos()) / 1e9;
  }
}
