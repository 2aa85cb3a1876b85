package io.vertxraft.consensus;

/**
 * A leader's lease at one moment.
 *
 * @param kind what it is worth
 * @param term the leadership it belongs to
 * @param untilNanos if valid: until when, on the member's monotonic clock
 */
public record LeaseState(Kind kind, long term, long untilNanos) {
  /** What a lease is worth. */
  public enum Kind {
    /** Until it ends nobody else can lead. */
    VALID,
    /** This member does not lead, or no quorum has answered lately. */
    EXPIRED,
    /**
     * This member leads, but has not applied an entry of its term, or does not know the speed of
     * enough clocks.
     */
    NOT_READY,
    /** This member has asked another one to campaign, and will have no lease in this term again. */
    DISABLED
  }
}
