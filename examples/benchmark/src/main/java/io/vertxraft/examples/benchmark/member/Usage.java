package io.vertxraft.examples.benchmark.member;

import com.sun.management.OperatingSystemMXBean;
import io.vertxraft.examples.benchmark.peer.RaftMember;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a process has used.
 *
 * @param cpuNanos of all its threads since it started, and of programs that members run beside it
 * @param allocatedBytes on the Java heap; see {@link Allocation}
 * @param heapBytes in use, garbage included
 * @param applied commands that the state machine of each of its members has applied
 */
public record Usage(long cpuNanos, long allocatedBytes, long heapBytes, List<Long> applied) {
  static Usage now(List<RaftMember> members) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long heapBytes = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long beside = members.stream().mapToLong(RaftMember::cpuNanosBeside).sum();
    List<Long> applied = members.stream().map(RaftMember::applied).toList();
    return new Usage(system.getProcessCpuTime() + beside, Allocation.bytes(), heapBytes, applied);
  }

  String encode() {
    String counts = applied.stream().map(Object::toString).collect(Collectors.joining(","));
    return cpuNanos + " " + allocatedBytes + " " + heapBytes + " " + counts;
  }

  static Usage decode(String line) {
    String[] words = line.split(" ", -1);
    return new Usage(
        Long.parseLong(words[0]),
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Arrays.stream(words[3].split(",", -1)).map(Long::parseLong).toList());
  }
}
