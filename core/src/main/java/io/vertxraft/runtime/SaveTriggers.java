package io.vertxraft.runtime;

import io.vertxraft.SnapshotOptions;
import io.vertxraft.spi.RaftScheduler;
import java.util.concurrent.TimeUnit;

/**
 * Says when a snapshot is due by itself: by time, by entries applied, by bytes of log, or
 * because a follower needs one. After one that failed it waits, longer each time, so that a full
 * disk is not written to without end. Confined to the node's context.
 */
final class SaveTriggers {
  private static final long WAIT_FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long WAIT_LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** The same while a follower waits, which may be needed for a majority. */
  private static final long WAIT_WANTED_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final RaftScheduler scheduler;
  private final SnapshotOptions options;
  private final LogSizes sizes;
  private final Runnable due;
  private RaftScheduler.Timer interval;
  private RaftScheduler.Timer retry;
  private long newestIndex;
  private long newestSum;
  private boolean timeIsUp;
  private boolean wanted;
  private long waitNanos;
  private boolean stopped;

  /**
   * Nothing is due yet.
   *
   * @param newestIndex last index of the newest snapshot there is
   * @param due called when a snapshot may have become due
   */
  SaveTriggers(
      RaftScheduler scheduler,
      SnapshotOptions options,
      LogSizes sizes,
      long newestIndex,
      Runnable due) {
    this.scheduler = scheduler;
    this.options = options;
    this.sizes = sizes;
    this.newestIndex = newestIndex;
    this.newestSum = sizes.total();
    this.due = due;
  }

  /** Starts the clock: the first time somewhere within the interval, so that groups spread. */
  void start() {
    long nanos = TimeUnit.MILLISECONDS.toNanos(options.getIntervalMs());
    if (nanos > 0 && !stopped) {
      armInterval(1 + scheduler.random(nanos), nanos);
    }
  }

  private void armInterval(long delay, long nanos) {
    interval =
        scheduler.schedule(
            delay,
            () -> {
              armInterval(nanos, nanos);
              timeIsUp = true;
              due.run();
            });
  }

  void stop() {
    stopped = true;
    if (interval != null) {
      interval.cancel();
    }
    cancelRetry();
  }

  /** A follower needs a snapshot, and there is none to offer. */
  void want() {
    if (!wanted && retry != null && waitNanos > WAIT_WANTED_NANOS) {
      waitNanos = WAIT_WANTED_NANOS;
      retryLater();
    }
    wanted = true;
    due.run();
  }

  /** Whether a follower waits for a snapshot. */
  boolean isWanted() {
    return wanted;
  }

  /** Why a snapshot is due when {@code appliedIndex} is applied; null if none is, or not yet. */
  String reason(long appliedIndex) {
    if (stopped || retry != null) {
      return null;
    }
    if (wanted) {
      return "a follower needs one";
    }
    if (options.getEntries() > 0 && appliedIndex - newestIndex >= options.getEntries()) {
      return "%d entries since the last".formatted(appliedIndex - newestIndex);
    }
    if (options.getLogBytes() > 0 && sizes.total() - newestSum >= options.getLogBytes()) {
      return "%d bytes of log since the last".formatted(sizes.total() - newestSum);
    }
    return timeIsUp ? "intervalMs = %d is over".formatted(options.getIntervalMs()) : null;
  }

  /**
   * There is a new snapshot.
   *
   * @param sum bytes of all entries applied when it was taken
   */
  void taken(long lastIndex, long sum) {
    newestIndex = lastIndex;
    newestSum = sum;
    timeIsUp = false;
    wanted = false;
    waitNanos = 0;
    cancelRetry();
  }

  /** The newest snapshot has turned out to be useless, and there is only an older one. */
  void lost(long newest) {
    newestIndex = newest;
  }

  /** Nothing has been applied that would be worth a snapshot. */
  void nothingNew() {
    timeIsUp = false;
    wanted = false;
  }

  /** A snapshot could not be saved: the next one that is due waits. */
  void failed() {
    if (stopped) {
      return;
    }
    long longest = wanted ? WAIT_WANTED_NANOS : WAIT_LONGEST_NANOS;
    waitNanos = waitNanos == 0 ? WAIT_FIRST_NANOS : Math.min(2 * waitNanos, longest);
    retryLater();
  }

  private void retryLater() {
    cancelRetry();
    retry =
        scheduler.schedule(
            waitNanos,
            () -> {
              retry = null;
              due.run();
            });
  }

  private void cancelRetry() {
    if (retry != null) {
      retry.cancel();
      retry = null;
    }
  }
}
