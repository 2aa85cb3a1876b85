package io.vertxraft.runtime;

import java.util.concurrent.TimeUnit;

/**
 * A leader's log time: what the sessions have seen, and from there on at the pace of this member's
 * own clock. What is applied later than the leader took office, such as the log of before a
 * restart, sets it forward. It never goes back.
 */
final class LogClock {
  private long baseMs;
  private long sinceNanos;

  /** Begins anew from what the sessions have seen. */
  void restart(long seenMs, long nowNanos) {
    baseMs = seenMs;
    sinceNanos = nowNanos;
  }

  /**
   * Log time in milliseconds.
   *
   * @param seenMs the latest log time that the sessions have seen
   */
  long nowMs(long seenMs, long nowNanos) {
    long mine = baseMs + TimeUnit.NANOSECONDS.toMillis(nowNanos - sinceNanos);
    if (seenMs > mine) {
      restart(seenMs, nowNanos);
      return seenMs;
    }
    return mine;
  }
}
