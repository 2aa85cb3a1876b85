package io.vertxraft.examples.demo;

import io.vertx.core.Vertx;
import java.util.List;

/** Keeps the status line fresh. Confined to the demo's context. */
final class StatusReporter {
  private static final long TERMINAL_INTERVAL_MS = 250;
  private static final long PLAIN_INTERVAL_MS = 1_000;
  private static final long RATE_INTERVAL_NANOS = 1_000_000_000L;

  /** Timers may fire a little early; the window need not be exact. */
  private static final long SLACK_NANOS = 20_000_000L;

  private final Vertx vertx;
  private final DemoCluster cluster;
  private final LoadGenerator load;
  private final String address;
  private final Screen screen;
  private long timerId;
  private long sampledNanos;
  private double writesPerSecond;
  private LoadGenerator.Latency latency = new LoadGenerator.Latency(0, 0, 0);

  StatusReporter(
      Vertx vertx, DemoCluster cluster, LoadGenerator load, String address, Screen screen) {
    this.vertx = vertx;
    this.cluster = cluster;
    this.load = load;
    this.address = address;
    this.screen = screen;
  }

  void start() {
    sampledNanos = System.nanoTime();
    long intervalMs = screen.isTerminal() ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS;
    timerId = vertx.setPeriodic(intervalMs, id -> show());
  }

  void stop() {
    vertx.cancelTimer(timerId);
  }

  private void show() {
    long now = System.nanoTime();
    long elapsed = now - sampledNanos;
    if (elapsed >= RATE_INTERVAL_NANOS - SLACK_NANOS) {
      latency = load.takeLatency();
      writesPerSecond = latency.count() * 1e9 / elapsed;
      sampledNanos = now;
    }
    screen.status(line().render(screen.colors()));
  }

  private StatusLine line() {
    return new StatusLine(
        cluster.leader().map(DemoMember::id).orElse(null),
        cluster.term(),
        cluster.leaderlessMs(),
        writesPerSecond,
        latency.p50(),
        latency.p99(),
        states(),
        load.counts().acknowledged(),
        address);
  }

  private List<StatusLine.MemberState> states() {
    return cluster.members().stream()
        .map(member -> new StatusLine.MemberState(member.id(), condition(member)))
        .toList();
  }

  private static StatusLine.Condition condition(DemoMember member) {
    if (member.state() != DemoMember.State.UP) {
      return StatusLine.Condition.DOWN;
    }
    return member.isCut() ? StatusLine.Condition.CUT : StatusLine.Condition.UP;
  }
}
