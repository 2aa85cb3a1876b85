package io.vertxraft.peer;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A limit on the bytes sent per second that several queues share: each has a {@link Lane}, and
 * lanes get their turns in the order in which they ask. Nobody waits in a loop or blocks a thread:
 * a lane whose turn has not come is called back. Confined to one context.
 */
final class Bandwidth {
  private static final Bandwidth UNLIMITED = new Bandwidth(null, null, null);

  private final TokenBucket bucket;
  private final Timers timers;
  private final LongAdder delayed;

  /** The time that passes here. */
  interface Timers {
    /** A monotonic clock. */
    long nanoTime();

    /** Runs {@code task} once, on this context, after at least so many milliseconds. */
    long start(long delayMs, Runnable task);

    /** Forgets a timer; nothing happens if it has run. */
    void cancel(long id);

    /** Real time. */
    static Timers of(Vertx vertx) {
      return new Timers() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public long start(long delayMs, Runnable task) {
          return vertx.setTimer(delayMs, id -> task.run());
        }

        @Override
        public void cancel(long id) {
          vertx.cancelTimer(id);
        }
      };
    }
  }

  private Bandwidth(TokenBucket bucket, Timers timers, LongAdder delayed) {
    this.bucket = bucket;
    this.timers = timers;
    this.delayed = delayed;
  }

  /** No limit. */
  static Bandwidth unlimited() {
    return UNLIMITED;
  }

  /**
   * At most so many bytes a second, or no limit if that is 0.
   *
   * @param delayed counts the messages that had to wait
   */
  static Bandwidth of(long bytesPerSecond, Timers timers, LongAdder delayed) {
    return bytesPerSecond == 0
        ? UNLIMITED
        : new Bandwidth(new TokenBucket(bytesPerSecond, timers.nanoTime()), timers, delayed);
  }

  /**
   * A way in for one queue.
   *
   * @param resume called when the message that had to wait may go
   */
  Lane lane(Runnable resume) {
    return new Lane(resume);
  }

  /** One queue's turns. */
  final class Lane {
    private final Runnable resume;
    private boolean granted;
    private long timer;
    private long takenBytes;

    private Lane(Runnable resume) {
      this.resume = resume;
    }

    /** Whether messages go one at a time, because each needs a turn. */
    boolean isLimited() {
      return bucket != null;
    }

    /**
     * Whether the next message may be sent now. If so, the caller sends it; else the caller is told
     * when to ask again, for the same message.
     */
    boolean admits(long bytes) {
      if (bucket == null) {
        return true;
      }
      if (takenBytes == 0) {
        takenBytes = bytes;
        long waitNanos = bucket.take(bytes, timers.nanoTime());
        granted = waitNanos == 0;
        if (!granted) {
          delayed.increment();
          // Rounded up: what a timer oversleeps is saved up for the next turn.
          long waitMs = TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1;
          timer = timers.start(waitMs, this::grant);
        }
      }
      if (granted) {
        granted = false;
        takenBytes = 0;
        return true;
      }
      return false;
    }

    private void grant() {
      granted = true;
      resume.run();
    }

    /** Gives up the turn that is waited for: its message will not be sent. */
    void leave() {
      if (takenBytes > 0) {
        timers.cancel(timer);
        bucket.giveBack(takenBytes);
        takenBytes = 0;
        granted = false;
      }
    }
  }
}
