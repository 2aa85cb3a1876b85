package io.vertxraft.testkit.spec;

import java.util.List;

/** A protocol message as a trace shows it. Two messages of equal content are equal. */
public sealed interface TraceMessage {
  /** Term of the sender; in a {@link PreVoteRequest} the term it would campaign in. */
  long term();

  /**
   * Asks whether a vote would be given.
   *
   * @param term the term the sender would campaign in
   * @param lastLogIndex last index of the sender's log
   * @param lastLogTerm term of that entry
   */
  record PreVoteRequest(long term, long lastLogIndex, long lastLogTerm) implements TraceMessage {}

  /**
   * Answers a {@link PreVoteRequest}.
   *
   * @param term the voter's own term
   * @param campaignTerm the term of the request
   * @param granted whether the vote would be given
   */
  record PreVoteReply(long term, long campaignTerm, boolean granted) implements TraceMessage {}

  /**
   * Asks for a vote.
   *
   * @param term the candidate's term
   * @param lastLogIndex last index of the candidate's log
   * @param lastLogTerm term of that entry
   * @param transfer whether the leader of an earlier term has asked for it
   */
  record VoteRequest(long term, long lastLogIndex, long lastLogTerm, boolean transfer)
      implements TraceMessage {}

  /**
   * The leader asks the receiver to campaign at once.
   *
   * @param term the leader's term
   */
  record TimeoutNow(long term) implements TraceMessage {}

  /**
   * Answers a {@link VoteRequest}.
   *
   * @param term the voter's term
   * @param granted whether the vote is given
   */
  record VoteReply(long term, boolean granted) implements TraceMessage {}

  /**
   * Replicates entries.
   *
   * @param term the leader's term
   * @param prevLogIndex index before the first entry
   * @param prevLogTerm term of the entry there; 0 at index 0
   * @param leaderCommit a commit index of the leader
   * @param entries the entries; may be empty
   */
  record AppendEntries(
      long term, long prevLogIndex, long prevLogTerm, long leaderCommit, List<TraceEntry> entries)
      implements TraceMessage {
    /** Creates the message; the list is copied. */
    public AppendEntries {
      entries = List.copyOf(entries);
    }

    /** Index of the last entry, or {@code prevLogIndex} if there is none. */
    public long lastIndex() {
      return prevLogIndex + entries.size();
    }
  }

  /**
   * Answers an {@link AppendEntries}.
   *
   * @param term the follower's term
   * @param accepted whether the entries are in its log
   * @param matchIndex accepted: its log equals the leader's up to here, durably; refused: the
   *     previous index that was refused, 0 if only the term is told
   * @param conflictTerm a hint
   * @param conflictIndex a hint
   */
  record AppendEntriesReply(
      long term, boolean accepted, long matchIndex, long conflictTerm, long conflictIndex)
      implements TraceMessage {}

  /**
   * Tells that the leader lives, and what is committed.
   *
   * @param term the leader's term
   * @param commitIndex a committed index the follower is known to hold
   * @param commitTerm term of the entry there; 0 at index 0
   * @param sentAtNanos the leader's clock at sending
   */
  record Heartbeat(long term, long commitIndex, long commitTerm, long sentAtNanos)
      implements TraceMessage {}

  /**
   * Answers a {@link Heartbeat}.
   *
   * @param term the follower's term
   * @param sentAtNanos the heartbeat's time, echoed
   */
  record HeartbeatReply(long term, long sentAtNanos) implements TraceMessage {}
}
