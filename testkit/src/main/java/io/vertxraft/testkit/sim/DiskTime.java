package io.vertxraft.testkit.sim;

/** How long a disk's operations take, and which of them are still awaited. */
final class DiskTime {
  private final SimLoop loop;
  private final SimRandom random;
  private final int owner;
  private long epoch;
  private long stalledUntil;
  private long latencyNanos = 200_000;
  private long jitterNanos = 200_000;
  private long nanosPerByte;
  private double factor = 1;

  DiskTime(SimLoop loop, SimRandom random, int owner) {
    this.loop = loop;
    this.random = random;
    this.owner = owner;
  }

  void latency(long nanos, long jitter) {
    latencyNanos = nanos;
    jitterNanos = jitter;
  }

  /** What each byte of a snapshot takes. */
  void perByte(long nanos) {
    nanosPerByte = nanos;
  }

  void factor(double newFactor) {
    factor = newFactor;
  }

  void stall(long nanos) {
    stalledUntil = Math.max(stalledUntil, loop.nowNanos() + nanos);
  }

  boolean isStalled() {
    return stalledUntil > loop.nowNanos();
  }

  /** Ends stalls, and slowness for operations from now on. */
  void heal() {
    stalledUntil = 0;
    factor = 1;
  }

  /** Which life's operations are carried out. */
  long epoch() {
    return epoch;
  }

  /** Nobody awaits any more what is under way. */
  void nextEpoch() {
    epoch++;
  }

  /** Runs {@code action} after the time an operation takes, unless the machine crashes. */
  void after(TraceKind kind, Runnable action) {
    after(kind, 0, action);
  }

  /** The same for an operation on {@code bytes} of a snapshot. */
  void after(TraceKind kind, long bytes, Runnable action) {
    loop.schedule(loop.nowNanos() + drawLatency(bytes), new Operation(kind, action));
  }

  private long drawLatency(long bytes) {
    long nanos = latencyNanos + random.exponential(jitterNanos) + bytes * nanosPerByte;
    return 1 + (long) (nanos * factor);
  }

  /** The end of an operation of the disk. */
  private final class Operation extends SimEvent {
    private final TraceKind kind;
    private final Runnable action;
    private final long startedIn = epoch;

    Operation(TraceKind kind, Runnable action) {
      this.kind = kind;
      this.action = action;
    }

    @Override
    boolean cancelled() {
      return startedIn != epoch;
    }

    @Override
    TraceKind kind() {
      return kind;
    }

    @Override
    int owner() {
      return owner;
    }

    @Override
    void run() {
      if (isStalled()) {
        loop.schedule(stalledUntil, this);
      } else {
        action.run();
      }
    }
  }
}
