package io.vertxraft.consensus;

import io.vertxraft.protocol.TimeoutNow;
import java.util.Map;

/** How a leader gives way to another member: because it is asked to, or because its disk fails. */
final class Handover {
  private static final long NANOS_PER_MS = 1_000_000;

  private final RaftCore core;
  private final Map<String, Progress> followers;
  private final Authority authority;
  private Transfer transfer;

  Handover(RaftCore core, Map<String, Progress> followers, Authority authority) {
    this.core = core;
    this.followers = followers;
    this.authority = authority;
  }

  /** Begins to hand over; see {@link Leadership#transfer}. */
  String begin(String wanted, long now) {
    if (transfer != null) {
      return "leadership is being handed to " + transfer.target() + " already";
    }
    Progress target = wanted == null ? best(now) : followers.get(wanted);
    if (target == null) {
      return wanted == null
          ? "no other member is fit to lead"
          : "'%s' is not another member of the group".formatted(wanted);
    }
    String obstacle = obstacle(target, now);
    if (obstacle == null) {
      core.reached(Mark.TRANSFER_STARTED);
      long deadline = now + core.settings().transferTimeoutNanos();
      transfer = new Transfer(target.nodeId(), core.log().lastIndex(), deadline);
    }
    return obstacle;
  }

  private String obstacle(Progress target, long now) {
    String id = target.nodeId();
    if (!core.configuration().isVoter(id)) {
      return id + " does not vote";
    }
    if (core.fitness().priorities().of(id) == 0) {
      return id + " has priority 0 and never leads";
    }
    if (target.isDamaged()) {
      return id + " is damaged";
    }
    return target.contacted() && authority.isAlive(id, now) ? null : id + " does not answer";
  }

  /** The member that would lead best, or null: by priority, then by how much of the log it has. */
  private Progress best(long now) {
    Progress best = null;
    for (Progress follower : followers.values()) {
      if (obstacle(follower, now) == null && (best == null || isBetter(follower, best))) {
        best = follower;
      }
    }
    return best;
  }

  private boolean isBetter(Progress one, Progress other) {
    int priority = core.fitness().priorities().of(one.nodeId());
    int otherPriority = core.fitness().priorities().of(other.nodeId());
    return priority != otherPriority
        ? priority > otherPriority
        : one.matchIndex() > other.matchIndex();
  }

  /** To whom the leadership is being handed, or null. */
  String target() {
    return transfer == null ? null : transfer.target();
  }

  boolean holdsProposals() {
    return transfer != null && transfer.isHolding();
  }

  /** Gives up a transfer that took too long. */
  void tick(long now) {
    if (transfer != null && transfer.isOver(now)) {
      end();
    } else if (transfer == null && core.fitness().isShortOfRoom()) {
      makeWay(now);
    }
  }

  private void end() {
    String target = transfer.target();
    core.reached(Mark.TRANSFER_TIMED_OUT);
    String cause =
        transfer.isAsked()
            ? target + " was asked to campaign and was not elected in time"
            : target + " did not catch up in time";
    transfer = null;
    core.effects().notice(new Effects.TransferEnded(target, cause));
  }

  /** Asks the target to campaign once it holds the whole log. */
  void advance(long now) {
    if (transfer == null) {
      return;
    }
    long held = followers.get(transfer.target()).matchIndex();
    long holdUntil = now + core.settings().electionTimeoutNanos();
    if (transfer.progressed(held, core.log().lastIndex(), holdUntil)) {
      askToCampaign(transfer.target());
    }
  }

  private void askToCampaign(String target) {
    // Voters will not wait for the leases they granted.
    authority.giveUpLease();
    core.effects().send(target, new TimeoutNow(core.term()));
  }

  /** The disk is short of room: whoever has room should lead. */
  void makeWay(long now) {
    if (transfer == null && begin(null, now) == null) {
      core.reached(Mark.MADE_WAY_FOR_ROOM);
    }
  }

  /** The disk does not answer: this leader stops at once, whoever comes next. */
  void fence(long now) {
    core.reached(Mark.STALLED_LEADER_FENCED);
    Progress next = best(now);
    if (next != null) {
      askToCampaign(next.nodeId());
    }
    long stalledMs = core.fitness().storageSilence(now) / NANOS_PER_MS;
    core.becomeFollower(
        core.term(), null, "storage has not finished a write for " + stalledMs + " ms", now);
  }
}
