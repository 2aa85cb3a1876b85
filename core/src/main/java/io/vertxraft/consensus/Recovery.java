package io.vertxraft.consensus;

import io.vertxraft.protocol.HardState;

/**
 * What a member comes up with.
 *
 * @param hardState term and vote
 * @param log the log, all of it durable
 * @param appliedIndex what the state machine has kept by itself is applied up to here: it
 *     was committed once; the index before the first entry for a state machine that begins anew
 * @param damaged whether entries that the member may have confirmed are lost
 */
public record Recovery(HardState hardState, LogView log, long appliedIndex, boolean damaged) {
  /** A whole log and a state machine that begins anew. */
  public static Recovery of(HardState hardState, LogView log) {
    return new Recovery(hardState, log, log.firstIndex() - 1, false);
  }
}
