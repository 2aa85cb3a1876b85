package io.vertxraft.protocol;

/**
 * Answer to a {@link Heartbeat}: the sender accepts the receiver as leader of {@code term}. It says
 * nothing about the sender's log, and needs no disk: a quorum's durable votes already exclude
 * another leader of the same term.
 *
 * @param term the follower's term
 * @param sentAtNanos the heartbeat's send time on the leader's clock
 */
public record HeartbeatReply(long term, long sentAtNanos) implements Message.Immediate {}
