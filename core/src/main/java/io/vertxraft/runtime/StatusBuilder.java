package io.vertxraft.runtime;

import io.vertxraft.FollowerStatus;
import io.vertxraft.LeaderLease;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import io.vertxraft.consensus.LeaseState;
import io.vertxraft.consensus.Progress;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.consensus.RoleKind;
import io.vertxraft.spi.RaftScheduler;
import java.util.concurrent.TimeUnit;

/** Puts the core's state into the words of the API. */
final class StatusBuilder {
  private StatusBuilder() {}

  static RaftRole role(RoleKind kind) {
    return switch (kind) {
      case FOLLOWER -> RaftRole.FOLLOWER;
      case PRE_CANDIDATE -> RaftRole.PRE_CANDIDATE;
      case CANDIDATE -> RaftRole.CANDIDATE;
      case LEADER -> RaftRole.LEADER;
    };
  }

  /** What is known before the node has opened its storage. */
  static RaftStatus identity(RaftOptions options, RaftScheduler scheduler) {
    return new RaftStatus()
        .setClusterId(options.getClusterId())
        .setGroupId(options.getGroupId())
        .setNodeId(options.getNodeId())
        .setMembers(options.getMembers())
        .setTimeMs(scheduler.wallMillis());
  }

  /** Adds what the core knows. */
  static void addCore(RaftStatus status, RaftCore core, long roleSince, long now) {
    long contactAge = core.leaderContactAge(now);
    status
        .setRole(role(core.roleKind()))
        .setTerm(core.term())
        .setVotedFor(core.votedFor())
        .setLeaderId(core.leaderId())
        .setLeaderReady(core.isReady())
        .setRoleSinceMs(millis(now - roleSince))
        .setLeaderContactAgeMs(contactAge < 0 ? -1 : millis(contactAge))
        .setFirstIndex(core.log().firstIndex())
        .setLastIndex(core.log().lastIndex())
        .setDurableIndex(core.log().durableIndex())
        .setCommitIndex(core.commitIndex())
        .setAppliedIndex(core.appliedIndex())
        .setElectionsStarted(core.electionsStarted())
        .setRecovering(!core.isRecovered())
        .setLeaderLease(lease(core.leadership().lease(now), now))
        .setTransferTarget(core.leadership().transferTarget())
        .setSilenceMs(millis(core.fitness().silenceRemaining(now)))
        .setElectionDueMs(core.isLeader() ? -1 : Math.max(0, millis(core.deadline() - now)))
        .setOldestWriteAgeMs(millis(core.fitness().oldestWriteAge(now)));
    for (Progress progress : core.followers()) {
      status.getFollowers().add(follower(progress, now));
    }
  }

  /** A lease as it is at this moment. */
  static LeaderLease lease(LeaseState lease, long now) {
    long remaining = lease.untilNanos() - now;
    boolean over = lease.kind() == LeaseState.Kind.VALID && remaining <= 0;
    LeaderLease.State state =
        over
            ? LeaderLease.State.EXPIRED
            : switch (lease.kind()) {
              case VALID -> LeaderLease.State.VALID;
              case EXPIRED -> LeaderLease.State.EXPIRED;
              case NOT_READY -> LeaderLease.State.NOT_READY;
              case DISABLED -> LeaderLease.State.DISABLED;
            };
    return new LeaderLease()
        .setState(state)
        .setEpoch(lease.term())
        .setRemainingMicros(
            state == LeaderLease.State.VALID ? TimeUnit.NANOSECONDS.toMicros(remaining) : 0);
  }

  private static FollowerStatus follower(Progress progress, long now) {
    long roundTrip = progress.roundTripNanos();
    return new FollowerStatus()
        .setNodeId(progress.nodeId())
        .setReplication(progress.state().name())
        .setMatchIndex(progress.matchIndex())
        .setNextIndex(progress.nextIndex())
        .setMessagesInFlight(progress.messagesInFlight())
        .setBytesInFlight(progress.bytesInFlight())
        .setDamaged(progress.isDamaged())
        .setSnapshotIndex(progress.installIndex())
        .setSnapshotBytesDone(progress.installBytesDone())
        .setSnapshotBytesTotal(progress.installBytesTotal())
        .setClockSuspect(progress.isClockSuspect())
        .setLastContactAgeMs(progress.contacted() ? millis(now - progress.lastContact()) : -1)
        .setRoundTripMs(roundTrip < 0 ? -1 : roundTrip / 1_000 / 1_000.0);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
