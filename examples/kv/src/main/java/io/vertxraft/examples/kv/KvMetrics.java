package io.vertxraft.examples.kv;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertxraft.NodeState;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import java.util.function.ToDoubleFunction;

/** What the server itself measures, besides what Vert.x measures of its HTTP server. */
final class KvMetrics {
  private final MeterRegistry registry;

  KvMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Gauges over the cached status. */
  void observe(StatusCache cache) {
    gauge(cache, "raft.term", "Current term", RaftStatus::getTerm);
    gauge(cache, "raft.commit.index", "Last committed index", RaftStatus::getCommitIndex);
    gauge(cache, "raft.applied.index", "Last applied index", RaftStatus::getAppliedIndex);
    gauge(cache, "raft.durable.index", "Last durable index", RaftStatus::getDurableIndex);
    gauge(cache, "raft.last.index", "Last index of the log", RaftStatus::getLastIndex);
    gauge(
        cache,
        "raft.proposals.in.flight",
        "Commands proposed here and not applied yet",
        RaftStatus::getProposalsInFlight);
    gauge(
        cache,
        "raft.proposal.bytes.in.flight",
        "Bytes of the commands proposed here and not applied yet",
        RaftStatus::getProposalBytesInFlight);
    gauge(
        cache, "raft.elections.started", "Elections started here", RaftStatus::getElectionsStarted);
    gauge(
        cache,
        "raft.leader.known",
        "1 if this member knows a leader",
        status -> status.getLeaderId() == null ? 0 : 1);
    gauge(
        cache,
        "raft.node.failed",
        "1 if this member's storage or state machine has failed",
        status -> status.getState() == NodeState.FAILED ? 1 : 0);
    for (RaftRole role : RaftRole.values()) {
      Gauge.builder("raft.role", cache, c -> c.newest().getRole() == role ? 1 : 0)
          .description("1 for the role this member has, 0 for the others")
          .tag("role", role.name())
          .register(registry);
    }
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

  private void gauge(
      StatusCache cache, String name, String description, ToDoubleFunction<RaftStatus> value) {
    Gauge.builder(name, cache, c -> value.applyAsDouble(c.newest()))
        .description(description)
        .register(registry);
  }
}
