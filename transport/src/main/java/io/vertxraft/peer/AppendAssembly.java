package io.vertxraft.peer;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.LogEntry;
import java.util.ArrayList;
import java.util.List;

/** Puts a received AppendEntries together, entry by entry, and checks that they fit. */
public final class AppendAssembly {
  private final long term;
  private final long prevLogIndex;
  private final long prevLogTerm;
  private final long leaderCommit;
  private final EntryCodec codec;
  private final List<LogEntry> entries;
  private long lastIndex;
  private long lastTerm;

  /**
   * Begins with no entries.
   *
   * @param count how many entries there will be
   * @param codec verifies them
   * @throws ProtocolException if there are not so many indexes
   */
  public AppendAssembly(
      long term,
      long prevLogIndex,
      long prevLogTerm,
      long leaderCommit,
      int count,
      EntryCodec codec) {
    if (prevLogIndex > Long.MAX_VALUE - count) {
      throw new ProtocolException("prev_log_index %d leaves no room".formatted(prevLogIndex));
    }
    this.term = term;
    this.prevLogIndex = prevLogIndex;
    this.prevLogTerm = prevLogTerm;
    this.leaderCommit = leaderCommit;
    this.codec = codec;
    this.entries = new ArrayList<>(count);
    this.lastIndex = prevLogIndex;
    this.lastTerm = prevLogTerm;
  }

  /**
   * Adds the next entry.
   *
   * @param encoded becomes part of the message
   * @throws ProtocolException if it is damaged, or does not belong here
   */
  public void add(byte[] encoded) {
    LogEntry entry;
    try {
      entry = codec.decode(encoded);
    } catch (CorruptEntryException e) {
      throw new ProtocolException(e.getMessage(), e);
    }
    lastIndex++;
    if (entry.index() != lastIndex) {
      throw new ProtocolException(
          "entry has index %d where %d belongs".formatted(entry.index(), lastIndex));
    }
    // Terms never decrease along a log, and no leader holds an entry of a later term than its own.
    if (entry.term() < lastTerm || entry.term() > term) {
      throw new ProtocolException(
          "entry %d has term %d, outside %d..%d"
              .formatted(lastIndex, entry.term(), lastTerm, term));
    }
    lastTerm = entry.term();
    entries.add(entry);
  }

  /** The message with the entries added so far. */
  public AppendEntries build() {
    return new AppendEntries(term, prevLogIndex, prevLogTerm, leaderCommit, entries);
  }
}
