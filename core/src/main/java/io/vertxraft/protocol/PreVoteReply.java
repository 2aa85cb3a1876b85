package io.vertxraft.protocol;

/**
 * Answer to a {@link PreVoteRequest}. Promises nothing.
 *
 * @param term the voter's current term, so that a pre-candidate that fell behind learns it
 * @param campaignTerm the term of the request answered, so that late answers are told apart
 * @param granted whether the receiver would get the vote
 */
public record PreVoteReply(long term, long campaignTerm, boolean granted)
    implements Message.Immediate {}
