package io.vertxraft.protocol;

/**
 * Answer to a {@link Heartbeat}: the sender accepts the receiver as leader of {@code term}. It says
 * nothing about the sender's log, and needs no disk: a quorum's durable votes already exclude
 * another leader of the same term.
 *
 * @param term the follower's term
 * @param sentAtNanos the heartbeat's send time on the leader's clock
 * @param clockNanos the follower's own monotonic clock; the leader compares how fast the two run
 * @param damagedTerm the term in which the follower came up without entries that it may have
 *     confirmed: it votes for nobody, must not be counted, and can be whole again only in a later
 *     term, so that what it confirmed before is told apart; 0 if it is whole
 */
public record HeartbeatReply(long term, long sentAtNanos, long clockNanos, long damagedTerm)
    implements Message.Immediate {}
