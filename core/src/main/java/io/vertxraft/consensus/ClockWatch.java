package io.vertxraft.consensus;

/**
 * Compares the speed of a follower's clock with the leader's. A lease rests on a bound of
 * how much faster a follower's clock may run; a follower whose clock has not been seen to keep it
 * does not count for the lease.
 *
 * <p>The follower read its clock somewhere between the sending of a heartbeat and the arrival of
 * the answer. Over a long enough time between two answers that says how fast it runs.
 */
final class ClockWatch {
  private final long windowNanos;
  private final double factorMax;
  private boolean anchored;
  private boolean trusted;
  private boolean suspect;
  private long anchorSentAt;
  private long anchorReceivedAt;
  private long anchorClock;

  /**
   * A clock of which nothing is known.
   *
   * @param windowNanos least time to judge by
   * @param driftMaxPercent how much faster than the leader's it may run
   */
  ClockWatch(long windowNanos, int driftMaxPercent) {
    this.windowNanos = windowNanos;
    this.factorMax = 1 + driftMaxPercent / 100.0;
  }

  /** Whether the clock was last seen to keep the bound. */
  boolean isTrusted() {
    return trusted;
  }

  /** Whether the clock was last seen to break the bound. */
  boolean isSuspect() {
    return suspect;
  }

  /** The follower read {@code clock} between {@code sentAt} and {@code receivedAt}. */
  void sample(long sentAt, long receivedAt, long clock) {
    if (!anchored || clock - anchorClock < 0) {
      // A clock that goes back is that of a new process.
      anchor(sentAt, receivedAt, clock);
      return;
    }
    long least = sentAt - anchorReceivedAt;
    if (least < windowNanos) {
      return;
    }
    long ran = clock - anchorClock;
    long most = receivedAt - anchorSentAt;
    if (ran <= least * factorMax) {
      trusted = true;
      suspect = false;
    } else if (ran > most * factorMax) {
      trusted = false;
      suspect = true;
    } else {
      // The answers took too long to tell; a longer time will.
      return;
    }
    anchor(sentAt, receivedAt, clock);
  }

  private void anchor(long sentAt, long receivedAt, long clock) {
    anchored = true;
    anchorSentAt = sentAt;
    anchorReceivedAt = receivedAt;
    anchorClock = clock;
  }
}
