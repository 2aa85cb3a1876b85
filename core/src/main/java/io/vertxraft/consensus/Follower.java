package io.vertxraft.consensus;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.TimeoutNow;

/** Takes entries from the leader of its term, votes, and campaigns when it hears nothing (§5.2). */
final class Follower extends Role {
  private String leaderId;
  private long lastLeaderContact;
  private long electionDeadline;

  /** Election timeouts that have passed without a leader. */
  private int timeoutsPassed;

  /** Up to here the log is known to equal the log of the leader of this term. */
  private long verifiedIndex;

  Follower(RaftCore core, String leaderId, long now) {
    super(core);
    this.leaderId = leaderId;
    this.lastLeaderContact = now;
    // A lone voter has nobody to wait for.
    this.electionDeadline = core.isLoneVoter() ? now : now + core.randomElectionTimeout();
  }

  @Override
  RoleKind kind() {
    return RoleKind.FOLLOWER;
  }

  @Override
  long deadline() {
    return electionDeadline;
  }

  @Override
  void tick(long now) {
    if (now - electionDeadline < 0) {
      return;
    }
    if (mayCampaign(now)) {
      core.becomePreCandidate(
          leaderId == null ? "no leader heard" : "leader " + leaderId + " fell silent", now);
    } else {
      electionDeadline = now + core.randomElectionTimeout();
    }
  }

  private boolean mayCampaign(long now) {
    if (!core.fitness().isElectable(core.configuration())) {
      return false;
    }
    if (core.fitness().isStorageStalled(now)) {
      core.reached(Mark.STALLED_DOES_NOT_CAMPAIGN);
      return false;
    }
    if (timeoutsPassed++ < core.fitness().timeoutsToWait(core.configuration())) {
      core.reached(Mark.PRIORITY_WAITED);
      return false;
    }
    return true;
  }

  @Override
  String leaderId() {
    return leaderId;
  }

  /** When this follower last heard its leader; meaningful only while there is one. */
  long lastLeaderContact() {
    return lastLeaderContact;
  }

  @Override
  void voteGranted(String candidate, long now) {
    // A follower that has just voted gives the winner time to speak up.
    electionDeadline = now + core.randomElectionTimeout();
  }

  @Override
  void onAppendEntries(String from, AppendEntries message, long now) {
    heardLeader(from, now);
    LogView log = core.log();
    long prev = message.prevLogIndex();
    if (prev > log.lastIndex()) {
      core.reached(Mark.GAP_REFUSED);
      reply(from, AppendEntriesReply.refused(core.term(), prev, 0, log.lastIndex() + 1));
      return;
    }
    if (prev >= log.firstIndex() - 1 && log.termAt(prev) != message.prevLogTerm()) {
      refuseConflict(from, prev);
      return;
    }
    if (prev < log.firstIndex() - 1) {
      // What a snapshot holds was committed, and so is the same in the log of every later leader.
      core.reached(Mark.APPEND_BELOW_LOG);
      verifyTo(log.firstIndex() - 1);
    }
    if (core.fitness().isShortOfRoom() && message.lastIndex() > log.lastIndex()) {
      // Not refused: the log fits. The leader finds the entries unanswered and asks again.
      core.reached(Mark.NO_ROOM_FOR_ENTRIES);
      verifiedIndex = Math.max(verifiedIndex, prev);
    } else {
      takeAll(message);
    }
    commitTo(Math.min(message.leaderCommit(), verifiedIndex));
    reply(from, AppendEntriesReply.accepted(core.term(), verifiedIndex));
  }

  /** The log up to here is known to be the leader's, whoever leads. */
  void verifyTo(long committed) {
    verifiedIndex = Math.max(verifiedIndex, committed);
  }

  private void takeAll(AppendEntries message) {
    markOverlap(message);
    for (LogEntry entry : message.entries()) {
      take(entry);
    }
    verifiedIndex = Math.max(verifiedIndex, message.lastIndex());
  }

  private void markOverlap(AppendEntries message) {
    long last = core.log().lastIndex();
    if (!message.entries().isEmpty() && message.prevLogIndex() < last) {
      core.reached(last < message.lastIndex() ? Mark.OVERLAPPING_APPEND : Mark.DUPLICATE_APPEND);
    }
  }

  private void refuseConflict(String from, long prev) {
    LogView log = core.log();
    core.requireInvariant(
        prev > core.commitIndex(), "leader contradicts the committed entry", prev);
    long conflictTerm = log.termAt(prev);
    long first = log.firstIndexOfTermAt(prev);
    reply(from, AppendEntriesReply.refused(core.term(), prev, conflictTerm, first));
  }

  /** Adds one entry; an existing entry of another term goes, with everything after it (§5.3). */
  private void take(LogEntry entry) {
    LogView log = core.log();
    if (entry.index() <= log.lastIndex()) {
      if (entry.index() < log.firstIndex() || log.termAt(entry.index()) == entry.term()) {
        return;
      }
      core.requireInvariant(
          entry.index() > core.commitIndex() && entry.index() > verifiedIndex,
          "leader replaces a committed or confirmed entry",
          entry.index());
      core.reached(Mark.CONFLICT_TRUNCATED);
      log.truncateFrom(entry.index());
    }
    log.append(entry);
  }

  private void commitTo(long index) {
    if (index > core.commitIndex() && index > core.log().durableIndex()) {
      core.reached(Mark.COMMIT_BEFORE_DURABLE);
    }
    core.commitTo(index);
  }

  private void reply(String to, AppendEntriesReply reply) {
    core.effects().sendWhenDurable(to, reply);
  }

  @Override
  void onHeartbeat(String from, Heartbeat message, long now) {
    heardLeader(from, now);
    verifyBy(message);
    if (Math.min(message.commitIndex(), verifiedIndex) > core.commitIndex()) {
      core.reached(Mark.HEARTBEAT_COMMITTED);
    }
    // Entries that this leader has not confirmed here may differ from its own: never commit them.
    commitTo(Math.min(message.commitIndex(), verifiedIndex));
    if (message.healIndex() > 0) {
      core.healBy(message.healIndex(), Math.min(verifiedIndex, core.log().durableIndex()));
    }
    core.effects()
        .send(
            from,
            new HeartbeatReply(
                core.term(), message.sentAtNanos(), now, core.fitness().damagedTerm()));
  }

  /**
   * The same entry at the same index means the same log up to there, after a restart too (§5.3).
   */
  private void verifyBy(Heartbeat message) {
    long commitIndex = message.commitIndex();
    LogView log = core.log();
    boolean news = commitIndex > verifiedIndex && log.contains(commitIndex);
    if (news && log.termAt(commitIndex) == message.commitTerm()) {
      verifiedIndex = commitIndex;
    }
  }

  /**
   * Has the snapshot fetched, or tells how far that is. A late offer, of what is committed here by
   * now, changes nothing (§7: a snapshot never takes away newer entries).
   */
  @Override
  void onInstallSnapshot(String from, InstallSnapshot message, long now) {
    heardLeader(from, now);
    long held = core.commitIndex();
    if (held >= message.minIndex()) {
      core.reached(Mark.SNAPSHOT_OFFER_NEEDLESS);
      core.effects().sendWhenDurable(from, InstallSnapshotReply.installed(core.term(), held));
      return;
    }
    core.effects().install(from, message);
    core.effects().sendWhenDurable(from, core.snapshots().progressReply());
  }

  /** Campaigns without asking first, for the leader itself has (thesis 3.10). */
  @Override
  void onTimeoutNow(String from, TimeoutNow message, long now) {
    Fitness fitness = core.fitness();
    boolean able =
        fitness.isElectable(core.configuration())
            && !fitness.isStorageStalled(now)
            && !fitness.isShortOfRoom();
    if (from.equals(leaderId) && able) {
      core.reached(Mark.LEADERSHIP_TAKEN_OVER);
      core.becomeCandidate(true, from + " hands over", now);
    }
  }

  private void heardLeader(String from, long now) {
    core.requireInvariant(
        leaderId == null || leaderId.equals(from), "two leaders in one term", core.term());
    if (leaderId == null) {
      leaderId = from;
      core.effects().notice(new Effects.LeaderChanged(from, core.term()));
    }
    timeoutsPassed = 0;
    lastLeaderContact = now;
    electionDeadline = now + core.randomElectionTimeout();
    core.fitness().promiseSilence(now);
  }
}
