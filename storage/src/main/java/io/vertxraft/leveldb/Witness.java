package io.vertxraft.leveldb;

import io.vertxraft.protocol.HardState;

/**
 * What the {@link Watermark} file says about a group, independently of the database.
 *
 * @param promise term and vote, exact; null if it cannot be read
 * @param mark what was acknowledged at least; null if it cannot be read
 */
record Witness(Promise promise, Mark mark) {
  /** Nothing is known. */
  static final Witness NONE = new Witness(null, null);

  /**
   * Term and vote as last acknowledged. On disk before the acknowledgement, so exact.
   *
   * @param groupId the group
   * @param sequence the change that set them
   */
  record Promise(String groupId, long sequence, HardState hardState) {
    /**
     * Whether {@code later} may have come after this: a later term, or in the same term the same
     * vote, or a first one.
     */
    boolean mayBecome(HardState later) {
      return later.term() > hardState.term()
          || (later.term() == hardState.term()
              && (hardState.votedFor() == null || hardState.votedFor().equals(later.votedFor())));
    }
  }

  /**
   * A lower bound of what was acknowledged.
   *
   * @param sequence of the last change that was more than an append
   * @param last index of the last entry: since that change the log has only grown
   * @param lastTerm its term
   */
  record Mark(long sequence, long last, long lastTerm) {
    /** Whether another one was made after this. */
    boolean isBefore(Mark other) {
      return sequence < other.sequence || (sequence == other.sequence && last < other.last);
    }

    static Mark of(GroupMeta meta) {
      return new Mark(meta.sequence(), meta.last(), meta.lastTerm());
    }
  }

  /** The latest change that is known to have been acknowledged; 0 if none is known. */
  long sequence() {
    return Math.max(promise == null ? 0 : promise.sequence(), mark == null ? 0 : mark.sequence());
  }
}
