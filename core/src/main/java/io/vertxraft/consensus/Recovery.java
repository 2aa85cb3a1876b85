package io.vertxraft.consensus;

import io.vertxraft.protocol.HardState;

/**
 * What a member comes up with.
 *
 * @param hardState term and vote
 * @param log the log, all of it durable
 * @param appliedIndex what the state machine holds is applied up to here; the index before
 *     the first entry for a state machine that begins anew
 * @param commitIndex what is known to be committed: what an earlier life applied, or put into a
 *     snapshot; at least {@code appliedIndex}, and at least the index before the log's first
 * @param damaged whether entries that the member may have confirmed are lost
 */
public record Recovery(
    HardState hardState, LogView log, long appliedIndex, long commitIndex, boolean damaged) {
  /** A whole log and a state machine that begins anew. */
  public static Recovery of(HardState hardState, LogView log) {
    long before = log.firstIndex() - 1;
    return new Recovery(hardState, log, before, before, false);
  }
}
