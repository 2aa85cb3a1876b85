package io.vertxraft.protocol;

/**
 * Asks whether the receiver would vote for the sender, without anybody changing term (thesis 9.6).
 *
 * @param term the term the sender would campaign in: its current term plus one
 * @param lastLogIndex index of the sender's last entry
 * @param lastLogTerm term of the sender's last entry
 */
public record PreVoteRequest(long term, long lastLogIndex, long lastLogTerm)
    implements Message.Immediate {}
