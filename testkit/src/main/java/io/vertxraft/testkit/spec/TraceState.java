package io.vertxraft.testkit.spec;

/**
 * A member's state as it reports it after an event.
 *
 * @param term current term
 * @param votedFor whom it voted for in this term, or null
 * @param role its role
 * @param leader whom it takes for the leader of this term, or null
 * @param commitIndex last index it knows to be committed
 * @param lastIndex last index of its log; 0 if empty
 * @param lastTerm term of that entry; 0 if empty
 * @param durableIndex last index of its log it knows to be durable on its own disk
 * @param appliedIndex last index its state machine has applied
 */
public record TraceState(
    long term,
    String votedFor,
    Role role,
    String leader,
    long commitIndex,
    long lastIndex,
    long lastTerm,
    long durableIndex,
    long appliedIndex) {

  /** The roles of a member. */
  public enum Role {
    /** Answers leaders and candidates. */
    FOLLOWER,
    /** Asks whether an election would be won, without starting one (thesis 9.6). */
    PRE_CANDIDATE,
    /** Asks for votes in its term. */
    CANDIDATE,
    /** Replicates its log. */
    LEADER
  }

  @Override
  public String toString() {
    return "%s t%d vote=%s leader=%s commit=%d last=%d/t%d durable=%d applied=%d"
        .formatted(
            role,
            term,
            votedFor,
            leader,
            commitIndex,
            lastIndex,
            lastTerm,
            durableIndex,
            appliedIndex);
  }
}
