package io.vertxraft.testkit.spec;

import java.util.List;

/**
 * A log as it was at a moment.
 *
 * @param entries holds at least the log's entries, from index 1 on; never changed below the size
 * @param lastIndex how many of them are the log
 */
record LogView(List<TraceEntry> entries, long lastIndex) {
  /** The entry at an index of the log. */
  TraceEntry at(long index) {
    return entries.get((int) index - 1);
  }

  boolean has(long index) {
    return index >= 1 && index <= lastIndex;
  }

  /** Term at an index: 0 at index 0, -1 beyond the end. */
  long termAt(long index) {
    return index == 0 ? 0 : has(index) ? at(index).term() : -1;
  }

  long lastTerm() {
    return termAt(lastIndex);
  }

  /** Whether a log that ends like this may be voted for by who holds this one (§5.4.1). */
  boolean isNoNewerThan(long otherLastIndex, long otherLastTerm) {
    return otherLastTerm > lastTerm()
        || (otherLastTerm == lastTerm() && otherLastIndex >= lastIndex);
  }
}
