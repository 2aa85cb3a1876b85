package io.vertxraft.protocol;

/**
 * Answer to {@link AppendEntries}.
 *
 * @param term the follower's term
 * @param accepted whether the follower's log contained the previous entry
 * @param matchIndex if accepted: the follower durably holds the leader's log up to here; if
 *     refused: the {@code prevLogIndex} that was refused, so that late answers are told apart
 * @param conflictTerm if refused: term of the follower's entry at {@code prevLogIndex}, or 0 if its
 *     log is shorter (§5.3, "first index it stores for that term")
 * @param conflictIndex if refused: first index the follower stores for {@code conflictTerm}, or the
 *     index after its last entry
 */
public record AppendEntriesReply(
    long term, boolean accepted, long matchIndex, long conflictTerm, long conflictIndex)
    implements Message.AfterDurable {

  /** The follower holds the leader's log durably up to {@code matchIndex}. */
  public static AppendEntriesReply accepted(long term, long matchIndex) {
    return new AppendEntriesReply(term, true, matchIndex, 0, 0);
  }

  /** Whether who gets this learns nothing more from {@code earlier}, sent before it. */
  public boolean covers(AppendEntriesReply earlier) {
    return accepted && earlier.accepted && term == earlier.term && matchIndex >= earlier.matchIndex;
  }

  /** The follower has no entry at {@code prevLogIndex} that fits; the hint speeds up repair. */
  public static AppendEntriesReply refused(
      long term, long prevLogIndex, long conflictTerm, long conflictIndex) {
    return new AppendEntriesReply(term, false, prevLogIndex, conflictTerm, conflictIndex);
  }
}
