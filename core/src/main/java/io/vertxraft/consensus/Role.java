package io.vertxraft.consensus;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.TimeoutNow;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;

/**
 * What a member does in one role. A value that is swapped inside a turn: stepping down is atomic
 * with the message that caused it.
 *
 * <p>Each handler is called with a message of the member's own term ({@link RaftCore} has dealt
 * with other terms); the pre-vote request alone comes with any term. The default is to ignore what
 * makes no sense in a role: a late answer to a question the member no longer asks.
 */
abstract sealed class Role permits Follower, PreCandidate, Candidate, Leader {
  final RaftCore core;

  Role(RaftCore core) {
    this.core = core;
  }

  abstract RoleKind kind();

  /** When {@link #tick} must be called next. */
  abstract long deadline();

  /** Time has passed. */
  abstract void tick(long now);

  /** The leader of the term, as far as this role knows. */
  String leaderId() {
    return null;
  }

  /** A message of the member's term has arrived. */
  final void receive(String from, RaftMessage message, long now) {
    if (message instanceof AppendEntries append) {
      onAppendEntries(from, append, now);
    } else if (message instanceof AppendEntriesReply reply) {
      onAppendEntriesReply(from, reply, now);
    } else if (message instanceof Heartbeat heartbeat) {
      onHeartbeat(from, heartbeat, now);
    } else if (message instanceof HeartbeatReply reply) {
      onHeartbeatReply(from, reply, now);
    } else if (message instanceof VoteRequest request) {
      onVoteRequest(from, request, now);
    } else if (message instanceof VoteReply reply) {
      onVoteReply(from, reply, now);
    } else if (message instanceof InstallSnapshot offer) {
      onInstallSnapshot(from, offer, now);
    } else if (message instanceof InstallSnapshotReply reply) {
      onInstallSnapshotReply(from, reply, now);
    } else if (message instanceof TimeoutNow request) {
      onTimeoutNow(from, request, now);
    }
  }

  /** All writes up to {@code seq} are durable. */
  void persisted(long seq, long now) {}

  void onAppendEntries(String from, AppendEntries message, long now) {
    core.reached(Mark.CANDIDATE_STEPPED_DOWN_TO_LEADER);
    core.becomeFollower(core.term(), from, "AppendEntries from " + from, now);
    core.role().onAppendEntries(from, message, now);
  }

  void onHeartbeat(String from, Heartbeat message, long now) {
    core.reached(Mark.CANDIDATE_STEPPED_DOWN_TO_LEADER);
    core.becomeFollower(core.term(), from, "heartbeat from " + from, now);
    core.role().onHeartbeat(from, message, now);
  }

  void onInstallSnapshot(String from, InstallSnapshot message, long now) {
    core.reached(Mark.CANDIDATE_STEPPED_DOWN_TO_LEADER);
    core.becomeFollower(core.term(), from, "snapshot offered by " + from, now);
    core.role().onInstallSnapshot(from, message, now);
  }

  void onInstallSnapshotReply(String from, InstallSnapshotReply reply, long now) {}

  void onAppendEntriesReply(String from, AppendEntriesReply reply, long now) {}

  void onHeartbeatReply(String from, HeartbeatReply reply, long now) {}

  /** The leader wants this member to take its place. Only a follower can. */
  void onTimeoutNow(String from, TimeoutNow message, long now) {}

  void onPreVoteReply(String from, PreVoteReply reply, long now) {}

  void onVoteReply(String from, VoteReply reply, long now) {
    core.reached(Mark.LATE_VOTE_IGNORED);
  }

  /**
   * Would this member vote for {@code from} in the term of the request? Nothing changes, whatever
   * the answer (thesis 9.6). A member that hears from a leader refuses, so that one member that
   * does not cannot depose it.
   */
  final void onPreVoteRequest(String from, PreVoteRequest request, long now) {
    boolean upToDate = core.isUpToDate(request.lastLogTerm(), request.lastLogIndex());
    boolean leaderIsAlive = core.owesSilence(now);
    boolean granted =
        request.term() > core.term()
            && upToDate
            && !leaderIsAlive
            && !core.fitness().isDamaged()
            && !core.chooses(Choice.REFUSE_PRE_VOTE);
    if (leaderIsAlive) {
      core.reached(Mark.PRE_VOTE_REFUSED_LEADER_ALIVE);
    } else if (!upToDate) {
      core.reached(Mark.PRE_VOTE_REFUSED_LOG_BEHIND);
    }
    core.effects().send(from, new PreVoteReply(core.term(), request.term(), granted));
  }

  /**
   * Grants at most one vote per term, and only to a candidate whose log is at least as up to date
   * (§5.2, §5.4.1). A repeated request of the same candidate gets the same answer.
   */
  void onVoteRequest(String from, VoteRequest request, long now) {
    boolean free = core.votedFor() == null || core.votedFor().equals(from);
    boolean upToDate = core.isUpToDate(request.lastLogTerm(), request.lastLogIndex());
    boolean granted = free && upToDate && !core.fitness().isDamaged();
    if (!free) {
      core.reached(Mark.VOTE_REFUSED_GIVEN);
    } else if (!upToDate) {
      core.reached(Mark.VOTE_REFUSED_LOG_BEHIND);
    } else if (core.votedFor() != null) {
      core.reached(Mark.VOTE_REPEATED);
    }
    if (granted) {
      core.vote(from);
      voteGranted(from, now);
    }
    core.effects().sendWhenDurable(from, new VoteReply(core.term(), granted));
  }

  /** The member has just given its vote to {@code candidate}. */
  void voteGranted(String candidate, long now) {
    core.becomeFollower(core.term(), null, "voted for " + candidate, now);
  }
}
