package io.vertxraft.testkit.sim;

/**
 * A machine's clocks: virtual time seen through a drifting oscillator. Belongs to the machine, so
 * it survives crashes.
 *
 * <p>The monotonic clock never goes back. The wall clock is set to any time at will.
 */
public final class NodeClock {
  /** Wall-clock time at virtual time 0: a round instant, in milliseconds since the epoch. */
  public static final long WALL_START_MS = 1_800_000_000_000L;

  private final SimLoop loop;
  private double rate = 1;
  private long anchorVirtual;
  private long anchorNode;
  private long wallJumpMs;
  private Runnable rateListener = () -> {};

  NodeClock(SimLoop loop, long offsetNanos) {
    this.loop = loop;
    this.anchorNode = offsetNanos;
  }

  /** The machine's monotonic clock in nanoseconds. */
  public long nanoTime() {
    return anchorNode + (long) ((loop.nowNanos() - anchorVirtual) * rate);
  }

  /** The machine's wall clock in milliseconds since the epoch. */
  public long wallMillis() {
    return WALL_START_MS + loop.nowNanos() / 1_000_000 + wallJumpMs;
  }

  /** Sets who is called after each change of the rate. */
  void onRateChange(Runnable listener) {
    this.rateListener = listener;
  }

  /**
   * Sets how fast the monotonic clock runs: 1.05 is five percent too fast. Timers that are already
   * running end when this clock shows their time.
   */
  public void setRate(double rate) {
    if (!(rate > 0.01 && rate < 100)) {
      throw new IllegalArgumentException("clock rate " + rate + " is not within 0.01..100");
    }
    if (rate == this.rate) {
      return;
    }
    anchorNode = nanoTime();
    anchorVirtual = loop.nowNanos();
    this.rate = rate;
    rateListener.run();
  }

  /** How fast the monotonic clock runs. */
  public double rate() {
    return rate;
  }

  /** Sets the wall clock forward or back. */
  public void jumpWall(long millis) {
    wallJumpMs += millis;
    if (millis < 0) {
      loop.reached(WorldMark.WALL_CLOCK_SET_BACK);
    }
  }

  /** Virtual time that passes while this clock advances by {@code nodeNanos}, rounded up. */
  long toVirtual(long nodeNanos) {
    return rate == 1 ? nodeNanos : (long) Math.ceil(nodeNanos / rate) + 1;
  }
}
