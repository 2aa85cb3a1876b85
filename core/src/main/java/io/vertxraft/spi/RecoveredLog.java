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
 * @param health whether all that was acknowledged is there
 */
public record RecoveredLog(
    HardState hardState,
    long firstIndex,
    long lastIndex,
    long prevTerm,
    List<TermRun> termRuns,
    Health health) {

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

  /**
   * Whether the log can be trusted to be whole. Term and vote are exact in every state: a storage
   * that is not certain of them refuses to open.
   *
   * @param state what was found
   * @param detail for people: file, index, nature and remedy; empty if all is well
   */
  public record Health(State state, String detail) {
    /** Everything that was acknowledged is there. */
    public static final Health OK = new Health(State.OK, "");

    /** What was found. */
    public enum State {
      /** Everything that was acknowledged is there. */
      OK,
      /** So it is; the torn end of a write that was never acknowledged has been cut off. */
      REPAIRED,
      /**
       * Acknowledged entries may be missing. The log is a contiguous, verified and possibly empty
       * prefix of what was acknowledged. The member must not vote, count for nothing, and be given
       * the rest by the leader; then {@link GroupStorage#healed} ends the state.
       */
      DAMAGED
    }

    /** Whether acknowledged entries may be missing. */
    public boolean damaged() {
      return state == State.DAMAGED;
    }
  }

  /** The state of a group that has never written anything. */
  public static RecoveredLog empty() {
    return new RecoveredLog(HardState.INITIAL, 1, 0, 0, List.of(), Health.OK);
  }
}
