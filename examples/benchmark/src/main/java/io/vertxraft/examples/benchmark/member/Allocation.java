package io.vertxraft.examples.benchmark.member;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what threads have allocated, and keeps what it has seen of those that have ended. What a
 * thread allocated between the last look and its end is missing.
 */
final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Map<Long, Long> SEEN = new HashMap<>();

  private Allocation() {}

  /** Bytes allocated on the Java heap since the start. */
  static synchronized long bytes() {
    long[] threads = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(threads);
    for (int i = 0; i < threads.length; i++) {
      // Less than zero: it has ended meanwhile.
      SEEN.merge(threads[i], Math.max(0, bytes[i]), Math::max);
    }
    return SEEN.values().stream().mapToLong(Long::longValue).sum();
  }
}
