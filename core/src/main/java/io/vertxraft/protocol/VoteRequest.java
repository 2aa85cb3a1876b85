package io.vertxraft.protocol;

/**
 * RequestVote of §5.2: the sender campaigns in {@code term} and has voted for itself.
 *
 * @param term the candidate's term
 * @param lastLogIndex index of the candidate's last entry
 * @param lastLogTerm term of the candidate's last entry
 */
public record VoteRequest(long term, long lastLogIndex, long lastLogTerm)
    implements Message.AfterDurable {}
