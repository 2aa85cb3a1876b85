package io.vertxraft.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the commands proposed and not yet answered, in number and bytes. Thread-safe. */
final class ProposalBudget {
  private final int countMax;
  private final long bytesMax;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

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
      release(commandBytes);
      return false;
    }
    return true;
  }

  void release(int commandBytes) {
    count.decrementAndGet();
    bytes.addAndGet(-commandBytes);
  }

  int count() {
    return count.get();
  }

  long bytes() {
    return bytes.get();
  }
}
