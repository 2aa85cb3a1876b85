package io.vertxraft.runtime;

import io.vertxraft.SnapshotOptions;
import io.vertxraft.consensus.LogView;
import java.util.concurrent.TimeUnit;

/**
 * Decides how much of the log may go: never more than is before the oldest kept snapshot, of which
 * there must be two, so that with the newest one damaged the one before and the log take its place
 * . Confined to the node's context.
 */
final class LogCutter {
  /** How often to look whether a follower has caught up for which entries are kept. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final MemberParts parts;
  private final SnapshotOptions options;
  private final SnapshotShelf shelf;
  private final Applier applier;
  private boolean lookScheduled;
  private boolean stopped;

  LogCutter(MemberParts parts, SnapshotShelf shelf, Applier applier) {
    this.parts = parts;
    this.options = parts.options().getSnapshots();
    this.shelf = shelf;
    this.applier = applier;
  }

  void stop() {
    stopped = true;
  }

  /** Cuts what may go. */
  void cut() {
    long oldest = shelf.oldestKeptIndex();
    LogView log = parts.core().log();
    if (stopped || oldest == 0) {
      return;
    }
    // A snapshot may be of entries that are committed, and not durable here yet.
    long end = Math.min(oldest, Math.min(parts.core().appliedIndex(), log.durableIndex()));
    long first = withMargin(end + 1);
    long forFollowers = forFollowers(first);
    if (forFollowers < first) {
      lookAgain();
      first = forFollowers;
    }
    if (first > log.firstIndex()) {
      long wanted = first;
      parts.host().step(raft -> raft.snapshots().compact(wanted));
    }
  }

  private long withMargin(long first) {
    long byCount = first - Math.min(first - 1, options.getRetainEntries());
    long byBytes = applier.sizes().firstWithin(first - 1, options.getRetainBytes());
    return Math.max(byCount, byBytes);
  }

  private long forFollowers(long first) {
    long now = parts.scheduler().nanoTime();
    long needed = parts.core().snapshots().retainFrom(now);
    if (needed < first) {
      long byBytes =
          applier.sizes().firstWithin(first - 1, options.getRetainForFollowersBytesMax());
      needed = Math.max(needed, byBytes);
    }
    // Whoever fetches a snapshot needs what follows it, whatever the limit: else it begins anew.
    needed = Math.min(needed, parts.core().snapshots().retainForInstalls(now));
    return Math.min(first, needed);
  }

  private void lookAgain() {
    if (!lookScheduled) {
      lookScheduled = true;
      parts
          .scheduler()
          .schedule(
              LOOK_NANOS,
              () -> {
                lookScheduled = false;
                cut();
              });
    }
  }
}
