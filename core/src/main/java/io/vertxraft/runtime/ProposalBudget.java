package io.vertxraft.runtime;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the commands proposed and not yet answered, in number and bytes. Thread-safe. */
final class ProposalBudget {
  private final int countMax;
  private final long bytesMax;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  ProposalBudget(int countMax, long bytesMax) {
    this.countMax = countMax;
    this.bytesMax = bytesMax;
  }

  /** Takes room for a command if there is any. */
  boolean tryAcquire(int commandBytes) {
    if (count.incrementAndGet() > countMax) {
      count.decrementAndGet();
      return false;
    }
    if (bytes.addAndGet(commandBytes) > bytesMax) {
      release(1, commandBytes);
      return false;
    }
    return true;
  }

  /** Gives back the room of commands. */
  void release(int commands, long commandBytes) {
    count.addAndGet(-commands);
    bytes.addAndGet(-commandBytes);
  }

  /**
   * Calls once when there may be room again, on any thread. Whoever has asked tries once more, lest
   * the room came before.
   */
  void whenRoom(Runnable call) {
    waiting.add(call);
  }

  /** Some room has been released: who waits for it is called. */
  void tellWaiting() {
    // Not those that come to wait again meanwhile.
    for (int i = waiting.size(); i > 0; i--) {
      Runnable call = waiting.poll();
      if (call != null) {
        call.run();
      }
    }
  }

  int count() {
    return count.get();
  }

  long bytes() {
    return bytes.get();
  }
}
