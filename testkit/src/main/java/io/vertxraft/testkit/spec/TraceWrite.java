package io.vertxraft.testkit.spec;

import java.util.List;

/**
 * A write a member hands to its storage at the end of a turn.
 *
 * @param seq number of the write, growing within a life
 * @param hardState term and vote to store, or null if neither changed
 * @param truncateFrom first index to remove; 0 if none
 * @param entries the entries to add after that
 */
public record TraceWrite(
    long seq, HardState hardState, long truncateFrom, List<TraceEntry> entries) {

  /** Creates the write; the list is copied. */
  public TraceWrite {
    entries = List.copyOf(entries);
  }

  /**
   * What a member must never forget about elections.
   *
   * @param term its term
   * @param votedFor whom it voted for in it, or null
   */
  public record HardState(long term, String votedFor) {}
}
