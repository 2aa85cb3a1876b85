package io.vertxraft.examples.demo;

import io.vertx.core.Vertx;
import java.util.List;

/** Keeps the status line fresh. Confined to the demo's context. */
final class StatusReporter {
  private static final long TERMINAL_INTERVAL_MS = 250;
  private static final long PLAIN_INTERVAL_MS = 1_000;

  private final Vertx vertx;
  private final DemoCluster cluster;
  private final LoadGenerator load;
  private final String address;
  private final Screen screen;
  private final int columns;
  private long timerId;
  private RecentWrites writes;

  /**
   * Creates a reporter.
   *
   * @param columns how long a line may be
   */
  StatusReporter(
      Vertx vertx,
      DemoCluster cluster,
      LoadGenerator load,
      String address,
      Screen screen,
      int columns) {
    this.columns = columns;
    this.vertx = vertx;
    this.cluster = cluster;
    this.load = load;
    this.address = address;
    this.screen = screen;
  }

  void start() {
    writes = new RecentWrites(System.nanoTime());
    long intervalMs = screen.isTerminal() ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS;
    timerId = vertx.setPeriodic(intervalMs, id -> show());
  }

  void stop() {
    vertx.cancelTimer(timerId);
  }

  private void show() {
    writes.add(load.takeLatencies(), System.nanoTime());
    screen.status(line().render(screen.colors(), columns));
  }

  private StatusLine line() {
    return new StatusLine(
        cluster.leader().map(DemoMember::id).orElse(null),
        cluster.term(),
        cluster.leaderlessMs(),
        writes.perSecond(),
        writes.percentileMicros(50),
        writes.percentileMicros(99),
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
