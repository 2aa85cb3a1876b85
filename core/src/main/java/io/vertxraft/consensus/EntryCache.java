package io.vertxraft.consensus;

import io.vertxraft.protocol.LogEntries;
import io.vertxraft.protocol.LogEntry;

/** The newest entries of the log, contiguous, in a ring that grows by doubling. */
final class EntryCache {
  private LogEntry[] ring = new LogEntry[64];
  private long firstIndex;
  private long nextIndex;
  private long bytes;

  /** The newest slice, as long as all of it is held: who writes and who sends ask for the same. */
  private LogEntries slice = LogEntries.none();

  private long sliceFrom;

  EntryCache(long nextIndex) {
    this.firstIndex = nextIndex;
    this.nextIndex = nextIndex;
  }

  /** Index of the oldest entry held; one past the newest if none is. */
  long firstIndex() {
    return firstIndex;
  }

  /** Encoded bytes held. */
  long bytes() {
    return bytes;
  }

  LogEntry get(long index) {
    return ring[slot(index)];
  }

  void append(LogEntry entry) {
    if (nextIndex - firstIndex == ring.length) {
      grow();
    }
    ring[slot(nextIndex++)] = entry;
    bytes += entry.encodedBytes();
  }

  void truncateFrom(long index) {
    while (nextIndex > index && nextIndex > firstIndex) {
      nextIndex--;
      remove(nextIndex);
    }
    if (nextIndex > index) {
      nextIndex = index;
      firstIndex = index;
    }
  }

  void evictFirst() {
    remove(firstIndex++);
  }

  /** Forgets all entries before {@code index}. */
  void evictBefore(long index) {
    while (firstIndex < index && firstIndex < nextIndex) {
      evictFirst();
    }
    if (firstIndex < index) {
      firstIndex = index;
      nextIndex = index;
    }
  }

  /** Forgets all entries; {@code index} comes next. */
  void restart(long index) {
    while (firstIndex < nextIndex) {
      evictFirst();
    }
    firstIndex = index;
    nextIndex = index;
  }

  /** Entries from {@code from} to {@code to}, both inclusive and held. */
  LogEntries slice(long from, long to) {
    int count = (int) (to - from + 1);
    if (sliceFrom != from || slice.size() != count) {
      slice = LogEntries.ofRing(ring, slot(from), count);
      sliceFrom = from;
    }
    return slice;
  }

  private void remove(long index) {
    int slot = slot(index);
    bytes -= ring[slot].encodedBytes();
    ring[slot] = null;
    slice = LogEntries.none();
  }

  private void grow() {
    LogEntry[] larger = new LogEntry[ring.length * 2];
    for (long index = firstIndex; index < nextIndex; index++) {
      larger[(int) (index & (larger.length - 1))] = get(index);
    }
    ring = larger;
  }

  private int slot(long index) {
    return (int) (index & (ring.length - 1));
  }
}
