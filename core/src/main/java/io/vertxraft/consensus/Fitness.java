package io.vertxraft.consensus;

import io.vertxraft.protocol.Configuration;

/**
 * Whether this member may vote and lead: what it has promised, what its disk is like, and how much
 * it is wanted as leader.
 */
public final class Fitness {
  private final CoreSettings settings;
  private final Priorities priorities;
  private final VotePromise promise = new VotePromise();
  private final WriteWatch writes = new WriteWatch();
  private boolean shortOfRoom;
  private long damagedTerm;

  Fitness(CoreSettings settings, long damagedTerm) {
    this.settings = settings;
    this.priorities = new Priorities(settings);
    this.damagedTerm = damagedTerm;
  }

  /** Nanoseconds for which this member votes for nobody, because it has heard a leader. */
  public long silenceRemaining(long now) {
    return promise.remaining(now);
  }

  /** Age of the oldest write that storage has not finished, in nanoseconds; 0 if there is none. */
  public long oldestWriteAge(long now) {
    return writes.oldestAge(now);
  }

  /**
   * Whether this member has lost entries that it may have confirmed: it votes for nobody and counts
   * for nothing, until a leader of a later term has given it all of them again.
   */
  public boolean isDamaged() {
    return damagedTerm > 0;
  }

  /** Whether the disk is short of room, so that no entries are taken. */
  public boolean isShortOfRoom() {
    return shortOfRoom;
  }

  void shortOfRoom(boolean isShortOfRoom) {
    shortOfRoom = isShortOfRoom;
  }

  WriteWatch writes() {
    return writes;
  }

  Priorities priorities() {
    return priorities;
  }

  /** The term in which this member came up damaged; 0 if it is whole. */
  long damagedTerm() {
    return damagedTerm;
  }

  /** The member has been given everything again. */
  void heal() {
    damagedTerm = 0;
  }

  /** Nobody gets this member's vote for an election timeout from now on. */
  void promiseSilence(long now) {
    promise.give(now + settings.electionTimeoutNanos());
  }

  /** Whether a leader may rely on this member to vote for nobody else. */
  boolean hasPromisedSilence(long now) {
    return promise.holds(now);
  }

  /** Whether this member may ever campaign as it is. */
  boolean isElectable(Configuration configuration) {
    String id = settings.nodeId();
    return configuration.isVoter(id) && priorities.of(id) > 0 && !isDamaged();
  }

  /** How many election timeouts this member leaves to others before it campaigns. */
  int timeoutsToWait(Configuration configuration) {
    return priorities.timeoutsToWait(configuration, shortOfRoom);
  }

  /** For how long storage has had something to write and finished nothing, in nanoseconds. */
  long storageSilence(long now) {
    return writes.silence(now);
  }

  /** Whether storage has finished nothing for longer than it may. */
  boolean isStorageStalled(long now) {
    return storageSilence(now) >= settings.storageStallNanos();
  }
}
