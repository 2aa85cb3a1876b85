package io.vertxraft.consensus;

import java.util.ArrayDeque;

/** The AppendEntries sent to one follower and not yet answered: a window in messages and bytes. */
final class Inflights {
  private record Sent(long lastIndex, long bytes) {}

  private final int messagesMax;
  private final long bytesMax;
  private final ArrayDeque<Sent> window = new ArrayDeque<>();
  private long bytes;

  Inflights(int messagesMax, long bytesMax) {
    this.messagesMax = messagesMax;
    this.bytesMax = bytesMax;
  }

  boolean isFull() {
    return window.size() >= messagesMax || bytes >= bytesMax;
  }

  boolean isEmpty() {
    return window.isEmpty();
  }

  int messages() {
    return window.size();
  }

  long bytes() {
    return bytes;
  }

  void add(long lastIndex, long messageBytes) {
    window.add(new Sent(lastIndex, messageBytes));
    bytes += messageBytes;
  }

  /** Everything up to {@code index} has been answered; returns how many messages that are. */
  int freeUpTo(long index) {
    int freed = 0;
    while (!window.isEmpty() && window.peek().lastIndex <= index) {
      bytes -= window.poll().bytes;
      freed++;
    }
    return freed;
  }

  void clear() {
    window.clear();
    bytes = 0;
  }
}
