package io.vertxraft.consensus;

/**
 * The follower lease: a member that has heard a leader votes for nobody else for an election
 * timeout, unless that leader has asked for it (thesis 6.4.1). So a member that is cut off from the
 * leader only deposes nobody, and a leader knows for how long nobody else can lead.
 *
 * <p>It outlives changes of role and term. A member that comes up may have promised something
 * before, so it begins with a promise, unless it has never taken part in an election.
 */
final class VotePromise {
  private boolean given;
  private long until;

  /** From now on votes wait until {@code instant}. */
  void give(long instant) {
    given = true;
    until = instant;
  }

  /** Whether votes wait. */
  boolean holds(long now) {
    return given && now - until < 0;
  }

  /** Nanoseconds for which votes wait; 0 if they do not. */
  long remaining(long now) {
    return holds(now) ? until - now : 0;
  }
}
