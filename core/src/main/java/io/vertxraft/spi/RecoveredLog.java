package io.vertxraft.spi;

import io.vertxraft.protocol.HardState;
import java.util.List;

/**
 * The durable state of a group as found at start-up.
 *
 * @param hardState term and vote; {@link HardState#INITIAL} for a new group
 * @param firstIndex index of the first entry in the log; 1 unless the log has been compacted
 * @param lastIndex index of the last entry, {@code firstIndex - 1} if the log is empty
 * @param prevTerm term of the entry at {@code firstIndex - 1}; 0 at the start of the log
 * @param termRuns where each term starts in the log, in index order
 */
public record RecoveredLog(
    HardState hardState, long firstIndex, long lastIndex, long prevTerm, List<TermRun> termRuns) {

  /** Makes the list immutable. */
  public RecoveredLog {
    termRuns = List.copyOf(termRuns);
  }

  /**
   * The entries from {@code firstIndex} up to the next run's have term {@code term}.
   *
   * @param firstIndex first index of the run
   * @param term term of every entry in the run
   */
  public record TermRun(long firstIndex, long term) {}

  /** The state of a group that has never written anything. */
  public static RecoveredLog empty() {
    return new RecoveredLog(HardState.INITIAL, 1, 0, 0, List.of());
  }
}
