package io.vertxraft.spi;

import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntries;
import io.vertxraft.protocol.LogEntry;
import java.util.List;

/**
 * One atomic change of a group's durable state, applied in the order of the components.
 *
 * @param hardState new term and vote, or null if unchanged
 * @param newStart if not null, the whole log is discarded and starts here: what it held has been
 *     replaced by a snapshot; {@code truncateFrom} is 0 then
 * @param truncateFrom first index to remove together with everything after it, or 0 for none
 * @param entries contiguous entries to append after what remains; may be empty
 */
public record StorageWrite(
    HardState hardState, LogStart newStart, long truncateFrom, List<LogEntry> entries) {
  /** Makes the entry list immutable. */
  public StorageWrite {
    entries = LogEntries.of(entries);
    if (newStart != null && truncateFrom != 0) {
      throw new IllegalArgumentException(
          "a log that is discarded has no entry %d to truncate from".formatted(truncateFrom));
    }
  }

  /** A change that keeps the start of the log. */
  public StorageWrite(HardState hardState, long truncateFrom, List<LogEntry> entries) {
    this(hardState, null, truncateFrom, entries);
  }

  /**
   * Where a log starts.
   *
   * @param firstIndex index of the first entry, there or to come; at least 1
   * @param prevTerm term of the entry before it; 0 if there never was one
   */
  public record LogStart(long firstIndex, long prevTerm) {
    /** Checks both. */
    public LogStart {
      if (firstIndex < 1 || prevTerm < 0) {
        throw new IllegalArgumentException(
            "a log cannot start at index %d after term %d".formatted(firstIndex, prevTerm));
      }
    }
  }

  /** Whether there is nothing to write. */
  public boolean isEmpty() {
    return hardState == null && newStart == null && truncateFrom == 0 && entries.isEmpty();
  }
}
