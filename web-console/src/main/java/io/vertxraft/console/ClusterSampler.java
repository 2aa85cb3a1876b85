package io.vertxraft.console;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertxraft.Member;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Collects the reports of all members at a steady pace while somebody looks: a watcher that has not
 * left, or a request within the last lease. Otherwise it has no timer and asks nobody. Confined to
 * the console's context, on which {@code node} completes its futures because it is asked from
 * there.
 */
final class ClusterSampler {
  private static final long NONE = -1;

  private final Vertx vertx;
  private final RaftNode node;
  private final RaftConsoleOptions options;
  private final EventRing events;
  private final Handler<Picture> onPicture;
  private final Map<String, MemberProbe> probes = new LinkedHashMap<>();
  private final FollowerTracker tracker;
  private final List<Handler<Picture>> waiting = new ArrayList<>();
  private Map<String, Member> members = new LinkedHashMap<>();
  private RaftStatus tracked;
  private long timer = NONE;
  private long leaseEndsAtMs = Long.MIN_VALUE;
  private long leaderLostAtMs = NONE;
  private int watchers;
  private boolean roundOpen;
  private boolean roundSeen;

  /**
   * Creates a sampler that is at rest.
   *
   * @param onPicture called with each new picture
   */
  ClusterSampler(
      Vertx vertx,
      RaftNode node,
      RaftConsoleOptions options,
      EventRing events,
      Handler<Picture> onPicture) {
    this.vertx = vertx;
    this.node = node;
    this.options = options;
    this.events = events;
    this.onPicture = onPicture;
    this.tracker = new FollowerTracker(options.getSilentAfterMs(), options.getLagEntriesMax());
  }

  boolean isRunning() {
    return timer != NONE;
  }

  void watch() {
    watchers++;
    start();
  }

  void unwatch() {
    watchers--;
  }

  /**
   * Hands over the current picture, after the first round if sampling was at rest; null if stopped.
   */
  void picture(Handler<Picture> handler) {
    leaseEndsAtMs = nowMs() + options.getLeaseMs();
    start();
    if (roundSeen) {
      handler.handle(paint());
    } else {
      waiting.add(handler);
    }
  }

  /** Stops for good: hands null to those who wait. */
  void close() {
    stop();
    List<Handler<Picture>> left = List.copyOf(waiting);
    waiting.clear();
    left.forEach(handler -> handler.handle(null));
  }

  private void stop() {
    if (timer != NONE) {
      vertx.cancelTimer(timer);
      timer = NONE;
    }
    roundOpen = false;
    roundSeen = false;
    leaderLostAtMs = NONE;
    // What was known may be outdated when somebody looks again.
    probes.clear();
  }

  private void start() {
    if (timer == NONE) {
      timer = vertx.setPeriodic(options.getSampleIntervalMs(), id -> tick());
      round();
    }
  }

  private void tick() {
    if (roundOpen) {
      // Somebody is slow: show what there is.
      publish();
    }
    if (watchers == 0 && nowMs() > leaseEndsAtMs) {
      stop();
    } else {
      round();
    }
  }

  private void round() {
    long nowMs = nowMs();
    // Answers may be there at once: the round is complete only after everybody was asked.
    roundOpen = false;
    ask(node.nodeId(), nowMs, node::status);
    for (String id : List.copyOf(members.keySet())) {
      if (!id.equals(node.nodeId())) {
        ask(id, nowMs, () -> node.memberStatus(id));
      }
    }
    roundOpen = true;
    closeRoundIfComplete();
  }

  private void ask(String id, long nowMs, Supplier<Future<RaftStatus>> question) {
    MemberProbe probe = probes.computeIfAbsent(id, key -> new MemberProbe(key, nowMs));
    probe.ask(nowMs, question, ClusterSampler::nowMs, () -> answered(id));
  }

  private void answered(String id) {
    if (!isRunning()) {
      return;
    }
    if (id.equals(node.nodeId())) {
      adoptMembers();
    }
    closeRoundIfComplete();
  }

  /** Takes the membership from the own report, and asks members that are new. */
  private void adoptMembers() {
    RaftStatus own = probes.get(node.nodeId()).status();
    if (own == null || own.getMembers().isEmpty()) {
      return;
    }
    Map<String, Member> adopted = new LinkedHashMap<>();
    own.getMembers().forEach(m -> adopted.put(m.getNodeId(), m));
    members = adopted;
    probes.keySet().removeIf(id -> !adopted.containsKey(id) && !id.equals(node.nodeId()));
    for (String id : adopted.keySet()) {
      if (!probes.containsKey(id)) {
        ask(id, nowMs(), () -> node.memberStatus(id));
      }
    }
  }

  private void closeRoundIfComplete() {
    if (roundOpen && probes.values().stream().noneMatch(MemberProbe::isWaiting)) {
      publish();
    }
  }

  private void publish() {
    roundOpen = false;
    roundSeen = true;
    Picture picture = paint();
    List<Handler<Picture>> served = List.copyOf(waiting);
    waiting.clear();
    served.forEach(handler -> handler.handle(picture));
    onPicture.handle(picture);
  }

  private Picture paint() {
    long nowMs = nowMs();
    List<MemberReport> reports = new ArrayList<>();
    if (!members.containsKey(node.nodeId()) && probes.containsKey(node.nodeId())) {
      reports.add(probes.get(node.nodeId()).report(null, nowMs));
    }
    for (Member member : members.values()) {
      MemberProbe probe = probes.get(member.getNodeId());
      if (probe != null) {
        reports.add(probe.report(member, nowMs));
      }
    }
    ClusterView view = view(reports, List.of(), 0);
    Optional<MemberReport> leader = view.claimant();
    List<FollowerReport> followers = leader.map(l -> judge(l, reports, nowMs)).orElse(List.of());
    view = view(reports, followers, 0);
    Explanation explanation = Explain.of(view);
    if (explanation.leaderId() != null) {
      leaderLostAtMs = NONE;
      return new Picture(view, explanation);
    }
    view = view(reports, followers, noLeaderForMs(view, nowMs));
    return new Picture(view, Explain.of(view));
  }

  private List<FollowerReport> judge(MemberReport leader, List<MemberReport> reports, long nowMs) {
    if (leader.status() != tracked) {
      tracked = leader.status();
      tracker.add(tracked, nowMs);
    }
    return tracker.judge(leader.status(), leader.ageMs(), FollowerTracker.failed(reports));
  }

  private ClusterView view(
      List<MemberReport> reports, List<FollowerReport> followers, long noLeaderForMs) {
    return new ClusterView(
        node.nodeId(),
        System.currentTimeMillis(),
        options.getSilentAfterMs(),
        noLeaderForMs,
        reports,
        followers);
  }

  /** The longest of what was watched, what the own events tell, and what the own report tells. */
  private long noLeaderForMs(ClusterView view, long nowMs) {
    if (leaderLostAtMs == NONE) {
      long lostTimeMs = events.leaderLostTimeMs();
      long byEvents = lostTimeMs == 0 ? 0 : view.timeMs() - lostTimeMs;
      long byReport =
          view.own().filter(view::isFresh).map(m -> m.status().getLeaderContactAgeMs()).orElse(0L);
      leaderLostAtMs = nowMs - Math.max(0, Math.max(byEvents, byReport));
    }
    return nowMs - leaderLostAtMs;
  }

  /** Monotonic, so that ages survive a change of the wall clock. */
  private static long nowMs() {
    return System.nanoTime() / 1_000_000;
  }
}
