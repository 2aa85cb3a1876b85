package io.vertxraft.protocol;

/**
 * The leader of {@code term} asks the receiver to campaign at once, without a pre-vote (thesis
 * 3.10). From here on the leader relies on no lease of this term.
 *
 * @param term the leader's term
 */
public record TimeoutNow(long term) implements Message.Immediate {}
