package io.vertxraft.consensus;

import java.util.ArrayDeque;

/** How long the storage has been busy with the oldest write it has not finished. */
final class WriteWatch {
  private record Issued(long seq, long at) {}

  private final ArrayDeque<Issued> issued = new ArrayDeque<>();

  void issued(long seq, long now) {
    issued.add(new Issued(seq, now));
  }

  void completed(long seq) {
    while (!issued.isEmpty() && issued.peek().seq() <= seq) {
      issued.poll();
    }
  }

  /** Age of the oldest unfinished write; 0 if there is none. */
  long oldestAge(long now) {
    return issued.isEmpty() ? 0 : now - issued.peek().at();
  }
}
