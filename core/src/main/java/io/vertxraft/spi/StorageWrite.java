package io.vertxraft.spi;

import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import java.util.List;

/**
 * One atomic change of a group's durable state, applied in the order of the components.
 *
 * @param hardState new term and vote, or null if unchanged
 * @param truncateFrom first index to remove together with everything after it, or 0 for none
 * @param entries contiguous entries to append after what remains; may be empty
 */
public record StorageWrite(HardState hardState, long truncateFrom, List<LogEntry> entries) {
  /** Makes the entry list immutable. */
  public StorageWrite {
    entries = List.copyOf(entries);
  }

  /** Whether there is nothing to write. */
  public boolean isEmpty() {
    return hardState == null && truncateFrom == 0 && entries.isEmpty();
  }
}
