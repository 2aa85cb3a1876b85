package io.vertxraft.consensus;

import io.vertxraft.protocol.InstallSnapshotReply;

/**
 * What a member knows of snapshots: the one it can offer, and the one it fetches; and what they do
 * to its log (§7).
 */
public final class Snapshots {
  private final RaftCore core;
  private long availableIndex;
  private long availableTerm;
  private long fetchedIndex;
  private long bytesDone;
  private long bytesTotal;

  Snapshots(RaftCore core) {
    this.core = core;
  }

  /**
   * The newest snapshot of this member that can be read: what a leader offers.
   *
   * @param lastIndex index of the last entry it holds; 0 if there is none
   * @param lastTerm term of that entry
   */
  public void available(long lastIndex, long lastTerm) {
    availableIndex = lastIndex;
    availableTerm = lastTerm;
  }

  /** Whether there is a snapshot that the log goes on from. */
  boolean canOffer() {
    return availableIndex > 0 && availableIndex >= core.log().firstIndex() - 1;
  }

  long availableIndex() {
    return availableIndex;
  }

  long availableTerm() {
    return availableTerm;
  }

  /**
   * Removes entries from the front of the log, which a durable and verified snapshot has replaced.
   * Does nothing if they are gone already.
   *
   * @param firstIndex the first entry that stays; never beyond what is applied and durable
   */
  public void compact(long firstIndex) {
    LogView log = core.log();
    if (firstIndex <= log.firstIndex()) {
      return;
    }
    core.requireInvariant(
        firstIndex - 1 <= core.appliedIndex() && firstIndex - 1 <= log.durableIndex(),
        "entries are removed that are not applied and durable, before index",
        firstIndex);
    core.reached(Mark.LOG_COMPACTED);
    log.compactTo(firstIndex);
    core.effects().compact(firstIndex);
    if (core.role() instanceof Leader leader) {
      leader.logCompacted();
    }
    core.stepped(Probe.Step.COMPACTED);
  }

  /**
   * What a follower tells its leader while it fetches a snapshot.
   *
   * @param lastIndex where the snapshot ends; 0 if none is being fetched
   * @param done bytes that are there
   * @param total bytes of the whole; 0 while that is not known
   */
  public void progress(long lastIndex, long done, long total) {
    fetchedIndex = lastIndex;
    bytesDone = done;
    bytesTotal = total;
  }

  InstallSnapshotReply progressReply() {
    return InstallSnapshotReply.underWay(core.term(), fetchedIndex, bytesDone, bytesTotal);
  }

  /**
   * A snapshot of another member is durable here. It takes the place of the log up to there: the
   * entries that follow stay if the log has the snapshot's last entry, else all go (§7). {@link
   * Effects#restoreIndex} then says to load it.
   *
   * @param snapshotTerm the term of the member that took it, when it did: it knew then that the
   *     entries are committed, and only from that term on does every leader have them. This member
   *     goes on to that term, so that it believes no leader of an earlier one
   * @return false if this member needs it no more, so that nothing changes: it has committed as
   *     much by itself, or leads
   */
  public boolean installed(long lastIndex, long lastTerm, long snapshotTerm, long now) {
    if (lastIndex <= core.commitIndex() || core.isLeader()) {
      core.reached(Mark.SNAPSHOT_NEEDLESS);
      return false;
    }
    core.requireInvariant(
        lastTerm <= snapshotTerm, "a snapshot of a later term than its member's", lastTerm);
    if (snapshotTerm > core.term()) {
      core.reached(Mark.SNAPSHOT_OF_LATER_TERM);
      core.becomeFollower(snapshotTerm, null, "a snapshot of that term is here", now);
    }
    LogView log = core.log();
    if (log.contains(lastIndex) && log.termAt(lastIndex) == lastTerm) {
      core.reached(Mark.SNAPSHOT_KEPT_SUFFIX);
    } else {
      core.reached(
          log.lastIndex() > lastIndex ? Mark.SNAPSHOT_OVER_CONFLICT : Mark.SNAPSHOT_REPLACED_LOG);
      log.restartAfter(lastIndex, lastTerm);
    }
    core.effects().restore(lastIndex);
    core.commitTo(lastIndex);
    if (core.role() instanceof Follower follower) {
      follower.verifyTo(lastIndex);
      tellLeader(lastIndex);
    }
    core.stepped(Probe.Step.INSTALLED);
    return true;
  }

  /** Without waiting for the next offer. */
  private void tellLeader(long lastIndex) {
    String leader = core.leaderId();
    if (leader != null) {
      core.effects()
          .sendWhenDurable(leader, InstallSnapshotReply.installed(core.term(), lastIndex));
    }
  }

  /**
   * On a leader, the lowest index that a follower still needs which answers; {@link Long#MAX_VALUE}
   * if there is none, or this member does not lead.
   */
  public long retainFrom(long now) {
    return core.role() instanceof Leader leader ? leader.retainFrom(false, now) : Long.MAX_VALUE;
  }

  /**
   * On a leader, the lowest index that a follower will need which fetches a snapshot, as far as
   * known; {@link Long#MAX_VALUE} if none does. What is removed from here on makes what it fetches
   * useless, and it would begin anew, for ever.
   */
  public long retainForInstalls(long now) {
    return core.role() instanceof Leader leader ? leader.retainFrom(true, now) : Long.MAX_VALUE;
  }
}
