package io.vertxraft.protocol;

/**
 * Answer to a {@link VoteRequest}.
 *
 * @param term the voter's term
 * @param granted whether the voter has durably given its vote of {@code term} to the receiver
 */
public record VoteReply(long term, boolean granted) implements Message.AfterDurable {}
