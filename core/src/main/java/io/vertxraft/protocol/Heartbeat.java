package io.vertxraft.protocol;

/**
 * Keeps the leader's authority fresh and spreads the commit index; never queued behind entries.
 *
 * @param term the leader's term
 * @param commitIndex the leader's commit index, but never beyond what the receiver is known to hold
 * @param commitTerm term of the leader's entry at {@code commitIndex}: a follower that has the same
 *     entry there has the same log up to there (§5.3, log matching)
 * @param sentAtNanos the leader's monotonic clock when it sent this, echoed by the reply
 */
public record Heartbeat(long term, long commitIndex, long commitTerm, long sentAtNanos)
    implements Message.Immediate {}
