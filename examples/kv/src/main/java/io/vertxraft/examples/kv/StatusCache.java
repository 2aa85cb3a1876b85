package io.vertxraft.examples.kv;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.NodeState;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftStatus;

/**
 * The newest known status of a node: refreshed at an interval and with each event, read at any time
 * from any thread.
 */
final class StatusCache {
  private static final long REFRESH_INTERVAL_MS = 500;

  private final RaftNode node;
  private volatile RaftStatus newest = new RaftStatus().setState(NodeState.STARTING);
  private Vertx vertx;
  private long timer;
  private ReadStream<RaftEvent> events;

  StatusCache(RaftNode node) {
    this.node = node;
  }

  /** Begins to refresh, on the caller's context. */
  Future<Void> start(Vertx vertx) {
    this.vertx = vertx;
    events = node.events();
    events.handler(event -> refresh());
    timer = vertx.setPeriodic(REFRESH_INTERVAL_MS, id -> refresh());
    return refresh();
  }

  void stop() {
    vertx.cancelTimer(timer);
    events.handler(null);
  }

  private Future<Void> refresh() {
    return node.status()
        .map(
            status -> {
              newest = status;
              return null;
            });
  }

  /** The status as of at most half a second ago, unless the node's context is stuck. */
  RaftStatus newest() {
    return newest;
  }

  /** Why the node has failed, or null if it has not. */
  String failure() {
    RaftStatus status = newest;
    return status.getState() == NodeState.FAILED ? String.valueOf(status.getFailure()) : null;
  }
}
