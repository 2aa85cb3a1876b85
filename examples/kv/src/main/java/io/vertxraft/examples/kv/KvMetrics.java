package io.vertxraft.examples.kv;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertxraft.NodeState;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStage;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.SnapshotStatus;
import io.vertxraft.StageStatus;
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
    observeStages(cache);
    observeSnapshots(cache);
  }

  /** What waits where, and in what batches it goes on. */
  private void observeStages(StatusCache cache) {
    for (RaftStage stage : RaftStage.values()) {
      stageGauge(cache, stage, "raft.stage.depth", "Entries in the stage", StageStatus::getDepth);
      stageGauge(
          cache,
          stage,
          "raft.stage.depth.bytes",
          "Bytes of the entries in the stage",
          StageStatus::getDepthBytes);
      stageGauge(
          cache,
          stage,
          "raft.stage.oldest.seconds",
          "Age of the oldest batch in the stage",
          status -> status.getOldestMs() / 1_000.0);
      stageGauge(
          cache, stage, "raft.stage.batches", "Batches of the stage", StageStatus::getBatches);
      stageGauge(
          cache,
          stage,
          "raft.stage.entries",
          "Entries in all batches of the stage",
          StageStatus::getEntries);
    }
  }

  private void stageGauge(
      StatusCache cache,
      RaftStage stage,
      String name,
      String description,
      ToDoubleFunction<StageStatus> value) {
    Gauge.builder(
            name,
            cache,
            c ->
                c.newest().getStages().stream()
                    .filter(status -> status.getStage() == stage)
                    .mapToDouble(value)
                    .sum())
        .description(description)
        .tag("stage", stage.name())
        .register(registry);
  }

  private void observeSnapshots(StatusCache cache) {
    gauge(cache, "raft.first.index", "First index of the log", RaftStatus::getFirstIndex);
    snapshotGauge(
        cache,
        "raft.snapshot.index",
        "Last index in the newest snapshot, 0 without one",
        SnapshotStatus::getLastIndex);
    snapshotGauge(
        cache, "raft.snapshot.bytes", "Bytes of the newest snapshot", SnapshotStatus::getBytes);
    snapshotGauge(
        cache,
        "raft.snapshot.age.seconds",
        "Age of the newest snapshot, not a number without one",
        KvMetrics::ageSeconds);
    snapshotGauge(
        cache, "raft.snapshots.kept", "Snapshots kept", snapshots -> snapshots.getKept().size());
    snapshotGauge(cache, "raft.snapshots.saved", "Snapshots saved here", SnapshotStatus::getSaved);
    snapshotGauge(
        cache,
        "raft.snapshots.installed",
        "Snapshots of other members installed here",
        SnapshotStatus::getInstalled);
    snapshotGauge(
        cache,
        "raft.snapshot.sent.bytes",
        "Bytes of snapshots sent to other members",
        SnapshotStatus::getSentBytes);
    snapshotGauge(
        cache,
        "raft.snapshot.received.bytes",
        "Bytes of snapshots received from other members",
        SnapshotStatus::getReceivedBytes);
    snapshotGauge(
        cache,
        "raft.snapshot.failed",
        "1 if the last snapshot failed",
        snapshots -> snapshots.getLastFailure() == null ? 0 : 1);
    snapshotGauge(
        cache,
        "raft.snapshot.progress.bytes",
        "Bytes of the snapshot under way that are written or there",
        SnapshotStatus::getBytesDone);
    for (SnapshotActivity activity : SnapshotActivity.values()) {
      Gauge.builder(
              "raft.snapshot.activity",
              cache,
              c -> c.newest().getSnapshots().getActivity() == activity ? 1 : 0)
          .description("1 for what this member does about snapshots, 0 for the rest")
          .tag("activity", activity.name())
          .register(registry);
    }
  }

  private static double ageSeconds(SnapshotStatus snapshots) {
    return snapshots.getLastIndex() == 0
        ? Double.NaN
        : Math.max(0, System.currentTimeMillis() - snapshots.getSavedAtMs()) / 1_000.0;
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

  private void snapshotGauge(
      StatusCache cache, String name, String description, ToDoubleFunction<SnapshotStatus> value) {
    gauge(cache, name, description, status -> value.applyAsDouble(status.getSnapshots()));
  }
}
