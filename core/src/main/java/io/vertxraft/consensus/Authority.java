package io.vertxraft.consensus;

import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import java.util.Map;

/**
 * A leader's proof that it still leads: rounds of heartbeats and their answers. Check quorum, the
 * lease and reads all live on it, and all count an answer from the time its question was sent.
 */
final class Authority {
  private final RaftCore core;
  private final Map<String, Progress> followers;
  private final long firstOwnIndex;
  private final long startedAt;
  private final Lease lease;
  private final ReadQueue reads = new ReadQueue();

  /** Send time of the newest round, which names it: strictly increasing. */
  private long lastSentAt;

  Authority(RaftCore core, Map<String, Progress> followers, long firstOwnIndex, long now) {
    this.core = core;
    this.followers = followers;
    this.firstOwnIndex = firstOwnIndex;
    this.startedAt = now;
    this.lastSentAt = now - 1;
    this.lease = new Lease(core.settings());
    if (core.isLoneVoter()) {
      lease.renew(core.configuration(), followers, startedAt, now);
    }
  }

  /** Starts a round of heartbeats. */
  void sendRound(long now) {
    lastSentAt = Math.max(now, lastSentAt + 1);
    for (Progress follower : followers.values()) {
      // Never beyond what the follower is known to hold: it may still have other entries there.
      long held = Math.min(core.commitIndex(), follower.matchIndex());
      // Of entries that are gone the term is not known; they tell the follower nothing new either.
      long commit = core.log().contains(held) ? held : 0;
      core.effects()
          .send(
              follower.nodeId(),
              new Heartbeat(
                  core.term(),
                  commit,
                  commit == 0 ? 0 : core.log().termAt(commit),
                  lastSentAt,
                  follower.isDamaged() ? healIndex() : 0));
    }
    confirmReads();
  }

  /**
   * Whoever holds the log up to here holds all that earlier leaders committed, and all that this
   * one has committed by counting it; 0 while this leader does not know the commit index itself.
   */
  private long healIndex() {
    return core.commitIndex() >= firstOwnIndex ? core.commitIndex() : 0;
  }

  /** A follower has answered a round. */
  void answered(Progress follower, HeartbeatReply reply, long now) {
    if (reply.sentAtNanos() - lastSentAt > 0) {
      return;
    }
    boolean wasSuspect = follower.isClockSuspect();
    follower.heard(reply.sentAtNanos(), reply.clockNanos(), now);
    if (!wasSuspect && follower.isClockSuspect()) {
      core.reached(Mark.CLOCK_SUSPECTED);
    }
    lease.renew(core.configuration(), followers, startedAt, now);
    confirmReads();
  }

  /** Check quorum. */
  boolean quorumIsAlive(long now) {
    return Quorum.reached(core.configuration(), id -> isAlive(id, now));
  }

  /** Whether a member has answered what was sent within an election timeout. */
  boolean isAlive(String id, long now) {
    return id.equals(core.nodeId())
        || now - followers.get(id).lastContact() < core.settings().electionTimeoutNanos();
  }

  /** Nanoseconds since the newest round that a quorum has answered was sent; -1 if none was. */
  long quorumContactAge(long now) {
    long since = answeredSince();
    return since < 0 ? -1 : now - startedAt - since;
  }

  /** When the newest round that a quorum has answered was sent, counted from the election. */
  private long answeredSince() {
    return Quorum.reachedValue(
        core.configuration(),
        id ->
            id.equals(core.nodeId())
                ? lastSentAt - startedAt
                : followers.get(id).contactSince(startedAt));
  }

  // --- reads ------------------------------------------------------------------------------------

  void read(long id, boolean byLease, long now) {
    if (byLease && lease(now).kind() == LeaseState.Kind.VALID) {
      core.reached(Mark.LEASE_READ);
      core.effects().read(id, core.commitIndex());
    } else if (core.commitIndex() < firstOwnIndex) {
      core.reached(Mark.READ_WAITED_FOR_OWN_TERM);
      reads.addBeforeOwnTerm(id);
    } else {
      if (byLease) {
        core.reached(Mark.LEASE_NOT_VALID);
      }
      reads.add(id, core.commitIndex(), lastSentAt);
    }
  }

  void committed() {
    if (core.commitIndex() >= firstOwnIndex) {
      reads.ownTermCommitted(core.commitIndex(), lastSentAt);
    }
  }

  /** Starts a round if reads wait for one; those that come while it is under way share the next. */
  void startRoundForReads(long now) {
    if (reads.needsRound(lastSentAt) && !reads.isRoundUnderWay(lastSentAt)) {
      sendRound(now);
    }
  }

  private void confirmReads() {
    if (reads.isEmpty()) {
      return;
    }
    long since = answeredSince();
    if (since >= 0) {
      int before = reads.size();
      reads.confirmed(startedAt + since, core.effects());
      if (reads.size() < before) {
        core.reached(Mark.READ_CONFIRMED);
      }
    }
  }

  void refuseReads() {
    if (reads.size() > 0) {
      core.reached(Mark.READ_LOST_LEADER);
    }
    reads.refuseAll(core.effects());
  }

  // --- lease ------------------------------------------------------------------------------------

  LeaseState lease(long now) {
    if (core.isLoneVoter()) {
      // Nobody else can lead; but a process that stood still should look at the clock again.
      lease.renew(core.configuration(), followers, startedAt, now);
    }
    LeaseState.Kind kind;
    if (lease.isGivenUp()) {
      kind = LeaseState.Kind.DISABLED;
    } else if (!core.isReady() || !lease.isHeld()) {
      kind = LeaseState.Kind.NOT_READY;
    } else {
      kind = lease.isValid(now) ? LeaseState.Kind.VALID : LeaseState.Kind.EXPIRED;
    }
    return new LeaseState(kind, core.term(), lease.until());
  }

  /** From now on another member may be elected at any time in spite of promises. */
  void giveUpLease() {
    lease.giveUp();
  }
}
