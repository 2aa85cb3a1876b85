package io.vertxraft.protocol;

/**
 * Keeps the leader's authority fresh and spreads the commit index; never queued behind entries.
 *
 * @param term the leader's term
 * @param commitIndex the leader's commit index, but never beyond what the receiver is known to hold
 * @param commitTerm term of the leader's entry at {@code commitIndex}: a follower that has the same
 *     entry there has the same log up to there (§5.3, log matching)
 * @param sentAtNanos the leader's monotonic clock when it sent this, echoed by the reply; no two
 *     rounds of heartbeats of one leader have the same, so that it also names the round
 * @param healIndex a receiver that was damaged in an earlier term, and holds this leader's log
 *     durably up to here, holds everything that may ever have been committed with its help; 0 while
 *     the leader cannot tell, or knows of no damage
 */
public record Heartbeat(
    long term, long commitIndex, long commitTerm, long sentAtNanos, long healIndex)
    implements Message.Immediate {}
