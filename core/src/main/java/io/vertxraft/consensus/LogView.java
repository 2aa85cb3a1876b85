package io.vertxraft.consensus;

import io.vertxraft.protocol.LogEntries;
import io.vertxraft.protocol.LogEntry;
import java.util.ArrayDeque;

/**
 * The log as the algorithm sees it: the terms of all entries, the newest entries themselves, and
 * how much of it is durable.
 *
 * <p>Three marks move forward: {@code written} (handed to storage), {@code durable} (storage said
 * so), and last. A write is identified by a sequence number; when an older write completes after
 * its entries were truncated, only what is still there counts as durable.
 */
public final class LogView {
  private final TermRuns terms;
  private final EntryCache cache;
  private final long cacheBytesMax;
  private final ArrayDeque<IssuedWrite> issued = new ArrayDeque<>();
  private long firstIndex;
  private long prevTerm;
  private long lastIndex;
  private long writtenIndex;
  private long durableIndex;
  private long truncateFrom;
  private Effects.LogStart newStart;

  /**
   * The log as recovered, all of it durable.
   *
   * @param firstIndex index of the first entry
   * @param lastIndex index of the last entry, {@code firstIndex - 1} if empty
   * @param prevTerm term of the entry before the first
   * @param runStarts where each term starts
   * @param runTerms the terms, one per start
   * @param cacheBytesMax durable entries to keep in memory, in bytes
   */
  public LogView(
      long firstIndex,
      long lastIndex,
      long prevTerm,
      long[] runStarts,
      long[] runTerms,
      long cacheBytesMax) {
    this.firstIndex = firstIndex;
    this.lastIndex = lastIndex;
    this.prevTerm = prevTerm;
    this.terms = new TermRuns(runStarts, runTerms);
    this.cache = new EntryCache(lastIndex + 1);
    this.cacheBytesMax = cacheBytesMax;
    this.writtenIndex = lastIndex;
    this.durableIndex = lastIndex;
  }

  /** Index of the first entry; {@code lastIndex + 1} if the log is empty. */
  public long firstIndex() {
    return firstIndex;
  }

  /** Index of the last entry, durable or not; {@code firstIndex - 1} if the log is empty. */
  public long lastIndex() {
    return lastIndex;
  }

  /** Term of the last entry. */
  public long lastTerm() {
    return termAt(lastIndex);
  }

  /** Index of the last entry that is durable here. */
  public long durableIndex() {
    return durableIndex;
  }

  /** Whether {@link #termAt} knows the term at {@code index}. */
  public boolean contains(long index) {
    return index >= firstIndex - 1 && index <= lastIndex;
  }

  /** Term of the entry at {@code index}, from the one before the first to the last. */
  public long termAt(long index) {
    if (!contains(index)) {
      throw new InvariantViolation(
          "term of index %d asked of log %d..%d".formatted(index, firstIndex, lastIndex));
    }
    return index == firstIndex - 1 ? prevTerm : terms.termAt(index);
  }

  /** First index in the log that has the term of the entry at {@code index}. */
  public long firstIndexOfTermAt(long index) {
    return terms.firstIndexOfTermAt(index);
  }

  /**
   * Last index at or before {@code from} whose term is at most {@code term}; the index before the
   * first if there is none. Visits one index per term.
   */
  public long lastIndexWithTermAtMost(long term, long from) {
    long index = Math.min(from, lastIndex);
    while (index >= firstIndex && termAt(index) > term) {
      index = firstIndexOfTermAt(index) - 1;
    }
    return Math.max(index, firstIndex - 1);
  }

  /** The entry at {@code index} if it is in memory, else null. */
  public LogEntry entryIfCached(long index) {
    return index >= cache.firstIndex() && index <= lastIndex ? cache.get(index) : null;
  }

  /** Encoded bytes of the entries held in memory. */
  public long cachedBytes() {
    return cache.bytes();
  }

  /**
   * Entries from {@code from} on as far as they are in memory and within the limits; at least one
   * if the first is in memory, else none.
   */
  public LogEntries cachedFrom(long from, int entriesMax, long bytesMax) {
    if (entryIfCached(from) == null) {
      return LogEntries.none();
    }
    long to = from;
    long bytes = cache.get(from).encodedBytes();
    while (to < lastIndex && to - from + 1 < entriesMax) {
      bytes += cache.get(to + 1).encodedBytes();
      if (bytes > bytesMax) {
        break;
      }
      to++;
    }
    return cache.slice(from, to);
  }

  /** Appends an entry after the last. */
  void append(LogEntry entry) {
    if (entry.index() != lastIndex + 1 || entry.term() < lastTerm()) {
      throw new InvariantViolation(
          "entry %s appended after index %d of term %d".formatted(entry, lastIndex, lastTerm()));
    }
    lastIndex++;
    terms.append(entry.index(), entry.term());
    cache.append(entry);
  }

  /** Removes the entry at {@code index} and everything after it. */
  void truncateFrom(long index) {
    lastIndex = index - 1;
    terms.truncateFrom(index);
    cache.truncateFrom(index);
    if (index <= writtenIndex) {
      truncateFrom = truncateFrom == 0 ? index : Math.min(truncateFrom, index);
      writtenIndex = index - 1;
      durableIndex = Math.min(durableIndex, index - 1);
      issued.forEach(write -> write.lastIndex = Math.min(write.lastIndex, index - 1));
    }
  }

  /** Removes the entries before {@code newFirst}, which are all durable. */
  void compactTo(long newFirst) {
    prevTerm = termAt(newFirst - 1);
    firstIndex = newFirst;
    if (newFirst > lastIndex) {
      terms.clear();
    } else {
      terms.truncatePrefix(newFirst);
    }
    cache.evictBefore(newFirst);
  }

  /** Removes everything; the log goes on after {@code index}, up to where a durable snapshot is. */
  void restartAfter(long index, long term) {
    firstIndex = index + 1;
    prevTerm = term;
    lastIndex = index;
    writtenIndex = index;
    durableIndex = index;
    truncateFrom = 0;
    newStart = new Effects.LogStart(firstIndex, term);
    terms.clear();
    cache.restart(firstIndex);
    issued.clear();
  }

  /** Whether there is anything that storage does not know yet. */
  boolean hasUnwritten() {
    return newStart != null || truncateFrom != 0 || lastIndex > writtenIndex;
  }

  /** First index storage must remove before it appends, or 0. */
  long pendingTruncation() {
    return truncateFrom;
  }

  /** Where storage must start the log anew before it appends, or null. */
  Effects.LogStart pendingStart() {
    return newStart;
  }

  /** Entries that have not been handed to storage yet. */
  LogEntries unwritten() {
    return lastIndex > writtenIndex ? cache.slice(writtenIndex + 1, lastIndex) : LogEntries.none();
  }

  /** Everything up to the last entry has been handed to storage as write {@code seq}. */
  void markWritten(long seq) {
    writtenIndex = lastIndex;
    truncateFrom = 0;
    newStart = null;
    issued.add(new IssuedWrite(seq, lastIndex));
  }

  /** Storage has completed all writes up to {@code seq}. */
  void markDurable(long seq) {
    while (!issued.isEmpty() && issued.peek().seq <= seq) {
      durableIndex = Math.max(durableIndex, issued.poll().lastIndex);
    }
    evictDurable(cacheBytesMax);
  }

  /** Forgets the oldest durable entries until the others fit {@code bytesMax}. */
  void evictDurable(long bytesMax) {
    while (cache.bytes() > bytesMax && cache.firstIndex() <= durableIndex) {
      cache.evictFirst();
    }
  }

  /** A write that storage has not completed, and up to which index it still counts. */
  private static final class IssuedWrite {
    final long seq;
    long lastIndex;

    IssuedWrite(long seq, long lastIndex) {
      this.seq = seq;
      this.lastIndex = lastIndex;
    }
  }
}
