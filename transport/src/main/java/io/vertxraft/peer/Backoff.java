package io.vertxraft.peer;

import java.util.concurrent.ThreadLocalRandom;

/** Pauses between attempts: each twice as long as the one before, up to a limit. */
public final class Backoff {
  private final long minMs;
  private final long maxMs;
  private long delayMs;

  /**
   * Begins with the shortest pause.
   *
   * @param minMs the first delay
   * @param maxMs the longest
   */
  public Backoff(long minMs, long maxMs) {
    this.minMs = minMs;
    this.maxMs = maxMs;
    this.delayMs = minMs;
  }

  /**
   * Takes account of a stream that was open.
   *
   * @param openMs for how long
   */
  public void lasted(long openMs) {
    // Only one that lasted starts over: two processes with one id would else push each other out at
    // the shortest interval for ever.
    if (openMs >= maxMs) {
      reset();
    }
  }

  /** Starts over with the shortest pause. */
  void reset() {
    delayMs = minMs;
  }

  /** A wrong address or cluster does not mend itself in milliseconds. */
  public void refused() {
    delayMs = maxMs;
  }

  /**
   * The next pause: between half and all of the delay, so that those who lost a member together
   * return apart.
   */
  public long nextPauseMs() {
    long pauseMs = ThreadLocalRandom.current().nextLong(Math.max(1, delayMs / 2), delayMs + 1);
    delayMs = Math.min(delayMs * 2, maxMs);
    return pauseMs;
  }
}
