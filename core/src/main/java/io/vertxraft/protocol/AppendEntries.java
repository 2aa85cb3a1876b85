package io.vertxraft.protocol;

import java.util.List;

/**
 * AppendEntries of §5.3. Without entries it is a probe for the follower's position.
 *
 * @param term the leader's term
 * @param prevLogIndex index of the entry before {@code entries}
 * @param prevLogTerm term of that entry
 * @param leaderCommit the leader's commit index
 * @param entries contiguous entries from {@code prevLogIndex + 1}
 */
public record AppendEntries(
    long term, long prevLogIndex, long prevLogTerm, long leaderCommit, List<LogEntry> entries)
    implements Message.Immediate {

  /** Makes the entry list immutable. */
  public AppendEntries {
    entries = LogEntries.of(entries);
  }

  /** Index of the last entry carried, or {@code prevLogIndex} for a probe. */
  public long lastIndex() {
    return prevLogIndex + entries.size();
  }

  /** Sum of the {@linkplain LogEntry#encodedBytes() bytes} of the entries. */
  public long entryBytes() {
    return LogEntries.of(entries).encodedBytes();
  }

  @Override
  public String toString() {
    return "AppendEntries[term=%d, prev=%d/%d, commit=%d, entries=%s]"
        .formatted(term, prevLogTerm, prevLogIndex, leaderCommit, entries);
  }
}
