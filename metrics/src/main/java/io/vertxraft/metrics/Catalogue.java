package io.vertxraft.metrics;

import static io.vertxraft.metrics.Metric.counter;
import static io.vertxraft.metrics.Metric.flag;
import static io.vertxraft.metrics.Metric.gauge;
import static io.vertxraft.metrics.Metric.seconds;

import io.vertxraft.FollowerStatus;
import io.vertxraft.LatencyStatus;
import io.vertxraft.NodeState;
import io.vertxraft.PeerContact;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotStatus;
import io.vertxraft.StageStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Every metric there is, by what it is measured on. */
final class Catalogue {
  /** Of a member as a whole. */
  static final List<Metric<RaftStatus>> MEMBER =
      List.of(
          gauge("raft.term", "Current term", RaftStatus::getTerm),
          gauge(
              "raft.leader.known",
              "1 if this member knows a leader, else 0",
              status -> flag(status.getLeaderId() != null)),
          gauge(
              "raft.leader.ready",
              "1 if this member leads and has applied the first entry of its term, else 0",
              status -> flag(status.isLeaderReady())),
          gauge(
              "raft.role.age.seconds",
              "Time since this member took its role",
              status -> seconds(status.getRoleSinceMs())),
          gauge(
              "raft.leader.contact.age.seconds",
              "On a follower: time since it last heard its leader; not a number if it has not",
              status -> seconds(status.getLeaderContactAgeMs())),
          gauge(
              "raft.lease.remaining.seconds",
              "What is left of this leader's lease, 0 without one",
              status -> status.getLeaderLease().getRemainingMicros() / 1e6),
          gauge(
              "raft.transfer.in.progress",
              "1 while this leader hands over, else 0",
              status -> flag(status.getTransferTarget() != null)),
          gauge("raft.members", "Members of the group", status -> status.getMembers().size()),
          gauge(
              "raft.node.failed",
              "1 if this member's storage or state machine has failed, else 0",
              status -> flag(status.getState() == NodeState.FAILED)),
          gauge(
              "raft.node.recovering",
              "1 while this member applies what its log held at its start, else 0",
              status -> flag(status.isRecovering())),
          gauge(
              "raft.node.damaged",
              "1 while this member has lost entries and waits to be given them again, else 0",
              status -> flag(status.getDamage() != null)),
          gauge(
              "raft.storage.shortage",
              "1 while this member takes no entries because its disk is short of room, else 0",
              status -> flag(status.getStorageShortage() != null)),
          gauge("raft.first.index", "First index of the log", RaftStatus::getFirstIndex),
          gauge("raft.last.index", "Last index of the log", RaftStatus::getLastIndex),
          gauge("raft.durable.index", "Last durable index", RaftStatus::getDurableIndex),
          gauge("raft.commit.index", "Last committed index", RaftStatus::getCommitIndex),
          gauge("raft.applied.index", "Last applied index", RaftStatus::getAppliedIndex),
          gauge(
              "raft.proposals.in.flight",
              "Commands proposed here and not answered yet",
              RaftStatus::getProposalsInFlight),
          gauge(
              "raft.proposals.in.flight.bytes",
              "Bytes of the commands proposed here and not answered yet",
              RaftStatus::getProposalBytesInFlight),
          gauge(
              "raft.reads.in.flight",
              "Reads begun here and not answered yet",
              RaftStatus::getReadsInFlight),
          gauge(
              "raft.writes.in.flight",
              "Storage writes issued and not durable yet",
              RaftStatus::getWritesInFlight),
          gauge(
              "raft.write.oldest.seconds",
              "Age of the oldest storage write that is not durable yet, 0 without one",
              status -> seconds(status.getOldestWriteAgeMs())),
          counter("raft.commands.applied", "Commands applied here", RaftStatus::getCommandsApplied),
          counter(
              "raft.elections.started",
              "Elections started here, pre-votes not counted",
              RaftStatus::getElectionsStarted));

  /** Of a member's snapshots. */
  static final List<Metric<SnapshotStatus>> SNAPSHOTS =
      List.of(
          gauge(
              "raft.snapshot.index",
              "Last index in the newest snapshot, 0 without one",
              SnapshotStatus::getLastIndex),
          gauge("raft.snapshot.bytes", "Bytes of the newest snapshot", SnapshotStatus::getBytes),
          gauge(
              "raft.snapshot.age.seconds",
              "Age of the newest snapshot, not a number without one",
              Catalogue::age),
          gauge("raft.snapshots.kept", "Snapshots kept", snapshots -> snapshots.getKept().size()),
          gauge(
              "raft.snapshot.failed",
              "1 if the last snapshot failed, else 0",
              snapshots -> flag(snapshots.getLastFailure() != null)),
          gauge(
              "raft.snapshot.progress.bytes",
              "Bytes of the snapshot under way that are written or there",
              SnapshotStatus::getBytesDone),
          gauge(
              "raft.snapshot.progress.total.bytes",
              "Bytes of the whole snapshot under way, 0 while that is not known",
              SnapshotStatus::getBytesTotal),
          counter("raft.snapshots.saved", "Snapshots saved here", SnapshotStatus::getSaved),
          counter(
              "raft.snapshots.installed",
              "Snapshots of other members installed here",
              SnapshotStatus::getInstalled),
          counter(
              "raft.snapshot.sent.bytes",
              "Bytes of snapshots sent to other members",
              SnapshotStatus::getSentBytes),
          counter(
              "raft.snapshot.received.bytes",
              "Bytes of snapshots received from other members",
              SnapshotStatus::getReceivedBytes));

  /** Of each stage that commands pass. */
  static final List<Metric<StageStatus>> STAGE =
      List.of(
          gauge("raft.stage.depth", "Entries in the stage", StageStatus::getDepth),
          gauge(
              "raft.stage.depth.bytes",
              "Bytes of the entries in the stage",
              StageStatus::getDepthBytes),
          gauge(
              "raft.stage.oldest.seconds",
              "Age of the oldest batch in the stage, 0 without one",
              stage -> seconds(stage.getOldestMs())),
          counter(
              "raft.stage.batches", "Batches that the stage has begun", StageStatus::getBatches),
          counter(
              "raft.stage.entries",
              "Entries in all batches of the stage",
              StageStatus::getEntries));

  /** Parts of the batches of a stage, and how long they took at most. */
  static final Map<String, ToLongFunction<LatencyStatus>> QUANTILES =
      Map.of(
          "0.5", LatencyStatus::getP50Micros,
          "0.9", LatencyStatus::getP90Micros,
          "0.99", LatencyStatus::getP99Micros,
          "1", LatencyStatus::getMaxMicros);

  /** Of each other member, as this one sees it; not a number where it does not know. */
  static final List<Metric<Peer>> PEER =
      List.of(
          gauge(
              "raft.peer.heard.age.seconds",
              "Time since this member last heard the other one",
              peer -> peer.contact().map(c -> seconds(c.getHeardAgeMs())).orElse(Double.NaN)),
          gauge(
              "raft.follower.lag.entries",
              "On a leader: entries that the other member is not known to hold durably",
              peer -> peer.ofFollower(f -> peer.status().getLastIndex() - f.getMatchIndex())),
          gauge(
              "raft.follower.contact.age.seconds",
              "On a leader: time since the other member last answered",
              peer -> peer.ofFollower(f -> seconds(f.getLastContactAgeMs()))),
          gauge(
              "raft.follower.round.trip.seconds",
              "On a leader: round trip of the newest heartbeat that the other member answered",
              peer -> peer.ofFollower(f -> seconds(f.getRoundTripMs()))),
          gauge(
              "raft.follower.in.flight.bytes",
              "On a leader: bytes of entries sent to the other member and not answered yet",
              peer -> peer.ofFollower(FollowerStatus::getBytesInFlight)),
          gauge(
              "raft.follower.damaged",
              "On a leader: 1 if the other member has lost entries and so is not counted, else 0",
              peer -> peer.ofFollower(f -> flag(f.isDamaged()))),
          gauge(
              "raft.follower.snapshot",
              "On a leader: 1 while the other member fetches a snapshot, else 0",
              peer -> peer.ofFollower(f -> flag(f.getSnapshotIndex() > 0))));

  private Catalogue() {}

  /** How long most batches were in a stage; not a number if none left it lately. */
  static Metric<StageStatus> latency(ToLongFunction<LatencyStatus> quantile) {
    return gauge(
        "raft.stage.latency.seconds",
        "Time that batches spent in the stage, of those that left it in the last 10 to 20 seconds",
        stage ->
            stage.getLatency() == null
                ? Double.NaN
                : quantile.applyAsLong(stage.getLatency()) / 1e6);
  }

  private static double age(SnapshotStatus snapshots) {
    return snapshots.getLastIndex() == 0
        ? Double.NaN
        : seconds(Math.max(0, System.currentTimeMillis() - snapshots.getSavedAtMs()));
  }

  /**
   * Another member in a report.
   *
   * @param status the report
   * @param nodeId the other member
   */
  record Peer(RaftStatus status, String nodeId) {
    private Optional<PeerContact> contact() {
      return status.getContacts().stream()
          .filter(contact -> contact.getNodeId().equals(nodeId))
          .findFirst();
    }

    private double ofFollower(java.util.function.ToDoubleFunction<FollowerStatus> value) {
      return status.getFollowers().stream()
          .filter(follower -> follower.getNodeId().equals(nodeId))
          .mapToDouble(value)
          .findFirst()
          .orElse(Double.NaN);
    }
  }
}
