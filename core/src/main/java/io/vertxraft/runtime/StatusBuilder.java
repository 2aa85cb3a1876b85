package io.vertxraft.runtime;

import io.vertxraft.FollowerStatus;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
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
        .setElectionsStarted(core.electionsStarted());
    for (Progress progress : core.followers()) {
      status.getFollowers().add(follower(progress, now));
    }
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
        .setLastContactAgeMs(progress.contacted() ? millis(now - progress.lastContact()) : -1)
        .setRoundTripMs(roundTrip < 0 ? -1 : roundTrip / 1_000 / 1_000.0);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
