package io.vertxraft.examples.kv;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What the map itself counts, besides what is measured of the member and of the HTTP server. */
final class KvMetrics {
  private final MeterRegistry registry;

  KvMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Counts a finished request. */
  void count(String operation, String outcome) {
    Counter.builder("raft.kv.requests")
        .description("Finished requests to the map by operation and outcome")
        .tag("operation", operation)
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }
}
