package io.vertxraft.examples.benchmark.member;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What a process has used.
 *
 * @param cpuNanos of all its threads since it started
 * @param allocatedBytes by the threads that live, on the Java heap
 * @param heapBytes in use, garbage included
 * @param applied commands that state machines of its members have applied
 */
public record Usage(long cpuNanos, long allocatedBytes, long heapBytes, long applied) {
  static Usage now(long applied) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocatedBytes = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      allocatedBytes += Math.max(0, bytes);
    }
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long heapBytes = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    return new Usage(system.getProcessCpuTime(), allocatedBytes, heapBytes, applied);
  }

  String encode() {
    return cpuNanos + " " + allocatedBytes + " " + heapBytes + " " + applied;
  }

  static Usage decode(String line) {
    String[] words = line.split(" ", -1);
    return new Usage(
        Long.parseLong(words[0]),
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]));
  }
}
