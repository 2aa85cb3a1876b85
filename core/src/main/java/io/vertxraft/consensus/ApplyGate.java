package io.vertxraft.consensus;

/**
 * Holds committed entries back from the state machine until the term in which they were found to be
 * committed is durable here. A state that outlives the process would otherwise come up in a
 * term in which its entries need not be committed: a late leader of that term may not have them.
 */
final class ApplyGate {
  private record TermWrite(long seq) {}

  private TermWrite underWay;
  private long releasedIndex;

  /** Everything up to {@code releasedIndex} has been released by an earlier life. */
  ApplyGate(long releasedIndex) {
    this.releasedIndex = releasedIndex;
  }

  /** A new term or vote is being written. */
  void hardStateIssued(long seq) {
    underWay = new TermWrite(seq);
  }

  void persisted(long seq) {
    if (underWay != null && underWay.seq() <= seq) {
      underWay = null;
    }
  }

  /** Index up to which entries may be applied; 0 if that is no news. */
  long release(long commitIndex) {
    if (underWay != null || commitIndex <= releasedIndex) {
      return 0;
    }
    releasedIndex = commitIndex;
    return commitIndex;
  }
}
