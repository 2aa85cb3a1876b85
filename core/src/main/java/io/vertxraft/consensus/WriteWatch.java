package io.vertxraft.consensus;

import java.util.ArrayDeque;

/**
 * How long the storage has been busy, and how long it has given no sign of life. The two
 * differ when more is written than the disk takes at a time: a write that waits for those before it
 * grows old on a disk that works.
 */
final class WriteWatch {
  private record Issued(long seq, long at) {}

  private final ArrayDeque<Issued> issued = new ArrayDeque<>();
  private long lastCompletedAt = Long.MIN_VALUE;

  void issued(long seq, long now) {
    issued.add(new Issued(seq, now));
  }

  void completed(long seq, long now) {
    lastCompletedAt = now;
    while (!issued.isEmpty() && issued.peek().seq() <= seq) {
      issued.poll();
    }
  }

  /** Age of the oldest unfinished write; 0 if there is none. */
  long oldestAge(long now) {
    return issued.isEmpty() ? 0 : now - issued.peek().at();
  }

  /**
   * For how long there has been something to write and nothing was finished; 0 if there is none.
   */
  long silence(long now) {
    return issued.isEmpty() ? 0 : now - Math.max(issued.peek().at(), lastCompletedAt);
  }
}
