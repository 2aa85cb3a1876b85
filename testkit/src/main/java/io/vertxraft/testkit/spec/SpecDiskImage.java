package io.vertxraft.testkit.spec;

import io.vertxraft.testkit.spec.TraceWrite.HardState;
import java.util.ArrayList;
import java.util.List;

/** A disk's content after some writes. */
final class SpecDiskImage {
  private HardState hardState;
  private final List<TraceEntry> log;

  SpecDiskImage(HardState hardState, List<TraceEntry> log) {
    this.hardState = hardState;
    this.log = new ArrayList<>(log);
  }

  HardState hardState() {
    return hardState;
  }

  List<TraceEntry> log() {
    return log;
  }

  long lastIndex() {
    return log.size();
  }

  void apply(TraceWrite write) {
    if (write.hardState() != null) {
      hardState = write.hardState();
    }
    log.subList(stays(write), log.size()).clear();
    log.addAll(write.entries());
  }

  boolean holds(HardState otherHardState, List<TraceEntry> otherLog) {
    return hardState.equals(otherHardState) && log.equals(otherLog);
  }

  /** Whether this was found, or its first part. */
  boolean beginsWith(HardState otherHardState, List<TraceEntry> otherLog) {
    return hardState.equals(otherHardState)
        && otherLog.size() <= log.size()
        && log.subList(0, otherLog.size()).equals(otherLog);
  }

  /**
   * Whether this image with a part of the write is what was found: with or without its term and
   * vote, with the first of its entries. A log never holds a later term than the stored one.
   */
  boolean holdsPartOf(TraceWrite write, HardState found, List<TraceEntry> foundLog) {
    int stays = stays(write);
    int more = foundLog.size() - stays;
    long lastTerm = foundLog.isEmpty() ? 0 : foundLog.get(foundLog.size() - 1).term();
    return (found.equals(hardState) || found.equals(write.hardState()))
        && lastTerm <= found.term()
        && more >= 0
        && more <= write.entries().size()
        && foundLog.subList(0, stays).equals(log.subList(0, stays))
        && foundLog.subList(stays, foundLog.size()).equals(write.entries().subList(0, more));
  }

  /** First index at which another log is not this one; one more than the last if it is. */
  long firstDifference(List<TraceEntry> other) {
    int index = 0;
    while (index < log.size() && index < other.size() && log.get(index).equals(other.get(index))) {
      index++;
    }
    return index + 1L;
  }

  private int stays(TraceWrite write) {
    long stays = write.truncateFrom() > 0 ? write.truncateFrom() - 1 : log.size();
    return (int) Math.min(stays, log.size());
  }
}
