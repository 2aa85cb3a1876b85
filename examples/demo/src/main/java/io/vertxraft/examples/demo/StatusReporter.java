package io.vertxraft.examples.demo;

import io.vertx.core.Vertx;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
  private final Map<String, RaftStatus> reports = new HashMap<>();
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
    cluster.members().forEach(this::ask);
  }

  /** For the next line; of a member that is down there is nothing to tell. */
  private void ask(DemoMember member) {
    RaftNode node = member.node();
    if (node == null) {
      reports.remove(member.id());
    } else {
      node.status().onSuccess(status -> reports.put(member.id(), status));
    }
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
        log(),
        load.counts().acknowledged(),
        address);
  }

  private List<StatusLine.MemberState> states() {
    return cluster.members().stream()
        .map(member -> new StatusLine.MemberState(member.id(), condition(member), doing(member)))
        .toList();
  }

  private StatusLine.LogState log() {
    RaftStatus status = cluster.leader().map(DemoMember::id).map(reports::get).orElse(null);
    return status == null
        ? null
        : new StatusLine.LogState(
            status.getFirstIndex(), status.getLastIndex(), status.getSnapshots().getLastIndex());
  }

  private String doing(DemoMember member) {
    RaftStatus status = reports.get(member.id());
    SnapshotStatus snapshots = status == null ? new SnapshotStatus() : status.getSnapshots();
    return switch (snapshots.getActivity()) {
      case IDLE, SAVING -> null;
      case DOWNLOADING -> "fetches a snapshot" + percent(snapshots);
      case LOADING -> "loads a snapshot" + percent(snapshots);
    };
  }

  private static String percent(SnapshotStatus snapshots) {
    return snapshots.getBytesTotal() == 0
        ? ""
        : " %d %%".formatted(100 * snapshots.getBytesDone() / snapshots.getBytesTotal());
  }

  private static StatusLine.Condition condition(DemoMember member) {
    if (member.state() != DemoMember.State.UP) {
      return StatusLine.Condition.DOWN;
    }
    return member.isCut() ? StatusLine.Condition.CUT : StatusLine.Condition.UP;
  }
}
