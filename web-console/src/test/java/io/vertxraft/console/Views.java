package io.vertxraft.console;

import io.vertxraft.FollowerStatus;
import io.vertxraft.Member;
import io.vertxraft.RaftStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds views for tests: seen from n1, silence after 3 s. */
final class Views {
  static final long SILENT_AFTER_MS = 3_000;

  private final Map<String, MemberReport> reports = new LinkedHashMap<>();
  private final Map<String, FollowerState> states = new LinkedHashMap<>();
  private long timeMs = 1_700_000_000_000L;
  private long noLeaderForMs;
  private long lagEntries;
  private long snapshotStillMs = -1;

  static Views of(RaftStatus... statuses) {
    Views views = new Views();
    for (Member member : Reports.MEMBERS) {
      views.reports.put(member.getNodeId(), report(member, null, 0, null));
    }
    for (RaftStatus status : statuses) {
      Member member = member(status.getNodeId());
      views.reports.put(status.getNodeId(), report(member, status, 10, null));
    }
    return views;
  }

  Views silent(String nodeId, long ageMs, String error) {
    RaftStatus last = reports.get(nodeId).status();
    reports.put(nodeId, report(member(nodeId), last, ageMs, error));
    return this;
  }

  Views at(long wallClockMs) {
    timeMs = wallClockMs;
    return this;
  }

  Views noLeaderFor(long ms) {
    noLeaderForMs = ms;
    return this;
  }

  Views state(String nodeId, FollowerState state, long lag) {
    states.put(nodeId, state);
    lagEntries = lag;
    return this;
  }

  /** A follower that fetches a snapshot, of which it has got no more for a while. */
  Views snapshot(String nodeId, FollowerState state, long stillMs) {
    states.put(nodeId, state);
    snapshotStillMs = stillMs;
    return this;
  }

  ClusterView view() {
    ClusterView plain = view(List.of());
    List<FollowerReport> followers = new ArrayList<>();
    plain
        .claimant()
        .ifPresent(
            leader -> leader.status().getFollowers().forEach(f -> followers.add(follower(f))));
    return view(followers);
  }

  Explanation explain() {
    return Explain.of(view());
  }

  private FollowerReport follower(FollowerStatus status) {
    boolean silent =
        status.getLastContactAgeMs() < 0 || status.getLastContactAgeMs() > SILENT_AFTER_MS;
    boolean failed = reports.get(status.getNodeId()).hasFailed();
    FollowerState state =
        states.getOrDefault(
            status.getNodeId(), silent || failed ? FollowerState.STALLED : FollowerState.HEALTHY);
    return new FollowerReport(status, state, lagEntries, -1, snapshotStillMs);
  }

  private ClusterView view(List<FollowerReport> followers) {
    return new ClusterView(
        "n1", timeMs, SILENT_AFTER_MS, noLeaderForMs, List.copyOf(reports.values()), followers);
  }

  private static Member member(String id) {
    return Reports.MEMBERS.stream().filter(m -> m.getNodeId().equals(id)).findFirst().orElseThrow();
  }

  private static MemberReport report(Member m, RaftStatus status, long ageMs, String error) {
    return new MemberReport(m.getNodeId(), m.getHost(), m.getPort(), status, ageMs, error);
  }
}
