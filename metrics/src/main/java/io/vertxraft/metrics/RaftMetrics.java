package io.vertxraft.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.streams.ReadStream;
import io.vertx.micrometer.backends.BackendRegistries;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftStatus;

/**
 * Publishes what a member reports of itself through Micrometer: indexes, queues, followers,
 * snapshots, elections; the guide on monitoring has the table. Each metric has the tags {@code
 * cluster}, {@code group} and {@code node}.
 *
 * <p>Costs nothing per command: all metrics of a member are read from one {@link
 * RaftNode#status()}, which is taken at an interval, after each event, and when {@link #refresh()}
 * asks for it. How old it is, {@code raft.status.age.seconds} says: if that grows, the member's
 * context is stuck.
 *
 * <p>All methods may be called from any thread.
 */
public final class RaftMetrics {
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final RaftNode node;
  private final Sample sample;
  private final Meters meters;
  private final ReadStream<RaftEvent> events;
  private final long timer;

  private RaftMetrics(
      Vertx vertx, RaftNode node, RaftStatus first, MeterRegistry registry, long intervalMs) {
    this.vertx = vertx;
    this.node = node;
    this.sample = new Sample(first);
    this.meters = new Meters(registry, sample);
    meters.register();
    meters.follow(first);
    this.events = node.events();
    this.timer = intervalMs == 0 ? NO_TIMER : vertx.setPeriodic(intervalMs, id -> refresh());
    events.handler(
        event -> {
          meters.count(event.getType());
          refresh();
        });
  }

  /** {@link #bind(Vertx, RaftNode, RaftMetricsOptions)} with all defaults. */
  public static Future<RaftMetrics> bind(Vertx vertx, RaftNode node) {
    return bind(vertx, node, new RaftMetricsOptions());
  }

  /**
   * Publishes through the registry of Vert.x's own metrics.
   *
   * @return fails with {@link IllegalStateException} if there is no registry of that name
   * @throws IllegalArgumentException naming the option that does not fit
   */
  public static Future<RaftMetrics> bind(Vertx vertx, RaftNode node, RaftMetricsOptions options) {
    options.validate();
    MeterRegistry registry = BackendRegistries.getNow(options.getRegistryName());
    if (registry == null) {
      return Future.failedFuture(
          new IllegalStateException(
              ("there is no metrics registry '%s': build Vertx with enabled"
                      + " MicrometerMetricsOptions and a MicrometerMetricsFactory, or name its"
                      + " registry in RaftMetricsOptions")
                  .formatted(options.getRegistryName())));
    }
    return bind(vertx, node, registry, options);
  }

  /**
   * Publishes through any registry; {@link RaftMetricsOptions#getRegistryName()} has no effect.
   *
   * @param vertx runs the timer
   * @param node the member; may be started later
   * @return completes when the metrics are registered; fails with {@link IllegalStateException} if
   *     the registry has metrics of this member already
   * @throws IllegalArgumentException naming the option that does not fit
   */
  public static Future<RaftMetrics> bind(
      Vertx vertx, RaftNode node, MeterRegistry registry, RaftMetricsOptions options) {
    long intervalMs = options.validate().getSampleIntervalMs();
    return node.status().map(first -> new RaftMetrics(vertx, node, first, registry, intervalMs));
  }

  /**
   * Takes a sample now: for a scrape that is to show the present and not what was up to {@link
   * RaftMetricsOptions#getSampleIntervalMs()} ago.
   *
   * @return completes when the metrics show it
   */
  public Future<Void> refresh() {
    return node.status()
        .map(
            status -> {
              sample.take(status);
              meters.follow(status);
              return null;
            });
  }

  /** Removes the metrics from the registry and takes no more samples. Idempotent. */
  public void close() {
    if (timer != NO_TIMER) {
      vertx.cancelTimer(timer);
    }
    events.handler(null);
    meters.remove();
  }
}
