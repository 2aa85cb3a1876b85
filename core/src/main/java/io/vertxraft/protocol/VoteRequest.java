package io.vertxraft.protocol;

/**
 * RequestVote of §5.2: the sender campaigns in {@code term} and has voted for itself.
 *
 * @param term the candidate's term
 * @param lastLogIndex index of the candidate's last entry
 * @param lastLogTerm term of the candidate's last entry
 * @param transfer whether the leader of an earlier term has asked the sender to campaign: then no
 *     voter owes that leader its silence any more (thesis 3.10)
 */
public record VoteRequest(long term, long lastLogIndex, long lastLogTerm, boolean transfer)
    implements Message.AfterDurable {

  /** The request of a candidate that nobody asked to campaign. */
  public static VoteRequest of(long term, long lastLogIndex, long lastLogTerm) {
    return new VoteRequest(term, lastLogIndex, lastLogTerm, false);
  }
}
