package io.vertxraft.peer;

import java.util.concurrent.TimeUnit;

/**
 * How much may be sent, and when, so that it is never more than so many bytes a second. Whoever
 * takes, takes all it needs at once, be it more than there is, and waits until the debt of those
 * before it is paid; so turns are first come, first served, and a message of any size gets one.
 *
 * <p>Sent within any {@code t} seconds: at most {@code t} times the rate, what a quiet time has
 * saved up ({@link #CREDIT_NANOS_MAX}), and one message. Arithmetic only: time comes from the
 * caller. Not safe for use by several threads.
 */
final class TokenBucket {
  /** A quiet time saves up so much at most. */
  static final long CREDIT_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(250);

  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long bytesPerSecond;

  /** When all that has been taken is paid for; in the past by what has been saved up. */
  private long paidAtNanos;

  /**
   * Creates a bucket that has saved up what it can.
   *
   * @param bytesPerSecond at least 1
   * @param nowNanos the present reading of a monotonic clock
   */
  TokenBucket(long bytesPerSecond, long nowNanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.paidAtNanos = nowNanos - CREDIT_NANOS_MAX;
  }

  /**
   * Takes bytes.
   *
   * @return nanoseconds to wait before they may be sent; 0 for at once
   */
  long take(long bytes, long nowNanos) {
    long earliest = nowNanos - CREDIT_NANOS_MAX;
    if (paidAtNanos - earliest < 0) {
      paidAtNanos = earliest;
    }
    long wait = Math.max(0, paidAtNanos - nowNanos);
    paidAtNanos += costNanos(bytes);
    return wait;
  }

  /** Returns bytes that were taken and are not sent. Whoever waits already, waits no less. */
  void giveBack(long bytes) {
    paidAtNanos -= costNanos(bytes);
  }

  // Exact: messages are smaller than 2^31 bytes.
  private long costNanos(long bytes) {
    return (bytes * NANOS_PER_SECOND + bytesPerSecond - 1) / bytesPerSecond;
  }
}
