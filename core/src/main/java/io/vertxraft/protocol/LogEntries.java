package io.vertxraft.protocol;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * A list of entries that never changes, so that disk, network and state machine can share one
 * instead of each making a copy. Thread-safe.
 */
public final class LogEntries extends AbstractList<LogEntry> implements RandomAccess {
  private static final LogEntries NONE = new LogEntries(new LogEntry[0], 0);

  private final LogEntry[] entries;
  private final long encodedBytes;

  private LogEntries(LogEntry[] entries, long encodedBytes) {
    this.entries = entries;
    this.encodedBytes = encodedBytes;
  }

  /** No entries. */
  public static LogEntries none() {
    return NONE;
  }

  /**
   * The given entries: the list itself if it is one of these, else a copy.
   *
   * @throws NullPointerException if one of them is null
   */
  public static LogEntries of(List<LogEntry> entries) {
    if (entries instanceof LogEntries unchanging) {
      return unchanging;
    }
    return entries.isEmpty() ? NONE : of(entries.toArray(new LogEntry[0]), 0, entries.size(), 0);
  }

  /**
   * Copies entries out of a ring.
   *
   * @param ring holds them
   * @param from where the first is
   * @param count how many; those beyond the end of the ring are at its beginning
   */
  public static LogEntries ofRing(LogEntry[] ring, int from, int count) {
    return count == 0 ? NONE : of(ring, from, count, Math.max(0, from + count - ring.length));
  }

  private static LogEntries of(LogEntry[] ring, int from, int count, int wrapped) {
    LogEntry[] copy = Arrays.copyOfRange(ring, from, from + count);
    System.arraycopy(ring, 0, copy, count - wrapped, wrapped);
    long bytes = 0;
    for (LogEntry entry : copy) {
      bytes += Objects.requireNonNull(entry, "entry").encodedBytes();
    }
    return new LogEntries(copy, bytes);
  }

  /** Sum of {@link LogEntry#encodedBytes()}. */
  public long encodedBytes() {
    return encodedBytes;
  }

  @Override
  public LogEntry get(int at) {
    return entries[at];
  }

  @Override
  public int size() {
    return entries.length;
  }
}
