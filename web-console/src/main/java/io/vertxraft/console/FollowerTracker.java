package io.vertxraft.console;

import io.vertxraft.FollowerStatus;
import io.vertxraft.RaftStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Watches a leader's reports for a while, to tell how old a follower's missing entries are and
 * whether its gap grows. Not thread-safe. Bounded: keeps {@link #SAMPLES_MAX} reports.
 */
final class FollowerTracker {
  static final int SAMPLES_MAX = 240;

  private record Sample(long timeMs, long lastIndex, Map<String, FollowerStatus> followers) {}

  private final long silentAfterMs;
  private final long lagEntriesMax;
  private final Deque<Sample> samples = new ArrayDeque<>();
  private String leaderId;
  private long term;

  FollowerTracker(long silentAfterMs, long lagEntriesMax) {
    this.silentAfterMs = silentAfterMs;
    this.lagEntriesMax = lagEntriesMax;
  }

  /**
   * Adds the newest report of the current leader. A new leader or term starts anew.
   *
   * @param timeMs monotonic time
   */
  void add(RaftStatus leader, long timeMs) {
    if (!Objects.equals(leaderId, leader.getNodeId()) || term != leader.getTerm()) {
      samples.clear();
      leaderId = leader.getNodeId();
      term = leader.getTerm();
    }
    Map<String, FollowerStatus> followers = new HashMap<>();
    leader.getFollowers().forEach(f -> followers.put(f.getNodeId(), f));
    samples.addLast(new Sample(timeMs, leader.getLastIndex(), followers));
    if (samples.size() > SAMPLES_MAX) {
      samples.removeFirst();
    }
  }

  /** The members that say that they have failed. */
  static Set<String> failed(List<MemberReport> reports) {
    return reports.stream()
        .filter(MemberReport::hasFailed)
        .map(MemberReport::nodeId)
        .collect(Collectors.toSet());
  }

  /**
   * Judges the followers of the report that was added last.
   *
   * @param failed members that say that they have failed, whatever they answer their leader
   */
  List<FollowerReport> judge(RaftStatus leader, long reportAgeMs, Set<String> failed) {
    List<FollowerReport> reports = new ArrayList<>();
    for (FollowerStatus follower : leader.getFollowers()) {
      long contact = follower.getLastContactAgeMs();
      if (!hasTold(follower)) {
        FollowerState state =
            contact < 0
                    || contact + reportAgeMs > silentAfterMs
                    || failed.contains(follower.getNodeId())
                ? FollowerState.STALLED
                : FollowerState.CATCHING_UP;
        reports.add(new FollowerReport(follower, state, -1, -1, -1));
        continue;
      }
      long lag = Math.max(0, leader.getLastIndex() - follower.getMatchIndex());
      Sample before = startOfWindow();
      FollowerStatus earlier = before == null ? null : before.followers().get(follower.getNodeId());
      long lagMs = lagMs(follower, lag);
      long snapshotStillMs = snapshotStillMs(follower);
      FollowerState.Sample sample =
          new FollowerState.Sample(
              contact < 0 ? -1 : contact + reportAgeMs,
              lag,
              lagMs,
              earlier == null ? -1 : Math.max(0, before.lastIndex() - earlier.getMatchIndex()),
              earlier == null || earlier.getMatchIndex() != follower.getMatchIndex(),
              snapshotStillMs);
      FollowerState state =
          failed.contains(follower.getNodeId())
              ? FollowerState.STALLED
              : FollowerState.of(sample, silentAfterMs, lagEntriesMax);
      reports.add(new FollowerReport(follower, state, lag, lagMs, snapshotStillMs));
    }
    return reports;
  }

  /**
   * A new leader supposes nothing of the others' logs until they answer: its zero says nothing. One
   * that it still probes from the start may hold all or nothing.
   */
  private static boolean hasTold(FollowerStatus follower) {
    boolean probed = follower.getMatchIndex() == 0 && "PROBE".equals(follower.getReplication());
    return follower.getLastContactAgeMs() >= 0 && !probed;
  }

  /** The newest sample that is at least a window old, or null. */
  private Sample startOfWindow() {
    long now = samples.getLast().timeMs();
    Sample found = null;
    for (Sample sample : samples) {
      if (now - sample.timeMs() < FollowerState.WINDOW_MS) {
        break;
      }
      found = sample;
    }
    return found;
  }

  private static boolean fetchesSnapshot(FollowerStatus follower) {
    return "SNAPSHOT".equals(follower.getReplication());
  }

  /** For how long a follower has got no more of its snapshot; -1 if it fetches none. */
  private long snapshotStillMs(FollowerStatus follower) {
    if (!fetchesSnapshot(follower)) {
      return -1;
    }
    long now = samples.getLast().timeMs();
    long since = now;
    for (var newestFirst = samples.descendingIterator(); newestFirst.hasNext(); ) {
      Sample sample = newestFirst.next();
      FollowerStatus then = sample.followers().get(follower.getNodeId());
      if (then == null
          || !fetchesSnapshot(then)
          || then.getSnapshotIndex() != follower.getSnapshotIndex()
          || then.getSnapshotBytesDone() != follower.getSnapshotBytesDone()) {
        break;
      }
      since = sample.timeMs();
    }
    return now - since;
  }

  /**
   * How long ago the leader's log ended where the follower's ends now, by straight lines between
   * the reports; -1 if it was before the oldest report.
   */
  private long lagMs(FollowerStatus follower, long lag) {
    if (lag == 0) {
      return 0;
    }
    long now = samples.getLast().timeMs();
    Sample before = null;
    for (Sample sample : samples) {
      if (sample.lastIndex() > follower.getMatchIndex()) {
        return before == null ? -1 : now - timeOf(follower.getMatchIndex(), before, sample);
      }
      before = sample;
    }
    return 0;
  }

  private static long timeOf(long index, Sample before, Sample after) {
    double part = (double) (index - before.lastIndex()) / (after.lastIndex() - before.lastIndex());
    return before.timeMs() + Math.round(part * (after.timeMs() - before.timeMs()));
  }
}
