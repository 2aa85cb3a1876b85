package io.vertxraft.examples.kv;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftVerticle;
import io.vertxraft.grpc.GrpcTransport;
import io.vertxraft.grpc.GrpcTransportOptions;
import io.vertxraft.leveldb.LevelDbOptions;
import io.vertxraft.leveldb.LevelDbStorage;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.Transport;
import java.util.EnumSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One member of a replicated key-value store: storage, transport, Raft node and HTTP server on a
 * Vert.x instance of its own. Started and stopped once.
 */
public final class KvServer {
  private static final int MESSAGE_OVERHEAD_BYTES = 1024 * 1024;

  private final KvServerOptions options;
  private final Vertx vertx;
  private final RaftStorage storage;
  private final Transport transport;
  private final RaftVerticle raft;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicBoolean stopCalled = new AtomicBoolean();
  private final Promise<Void> stopped = Promise.promise();
  private volatile HttpVerticle http;
  private volatile String raftDeployment;
  private volatile String httpDeployment;

  /** A server that keeps its log in LevelDB and talks to the other members over gRPC. */
  public static KvServer create(KvServerOptions options) {
    LevelDbOptions directory =
        new LevelDbOptions().setDirectory(options.dataDirectory().toString());
    // Room for a longest value next to a full batch of other entries.
    int messageBytesMax =
        Math.max(
            GrpcTransportOptions.DEFAULT_MESSAGE_BYTES_MAX,
            options.raft().getCommandBytesMax()
                + options.raft().getAppendBytesMax()
                + MESSAGE_OVERHEAD_BYTES);
    GrpcTransportOptions network =
        new GrpcTransportOptions()
            .setMessageBytesMax(messageBytesMax)
            .setSnapshotBytesPerSecondMax(options.snapshotBytesPerSecondMax())
            .setServeClients(options.serveClients());
    return new KvServer(
        options,
        vertx -> LevelDbStorage.create(directory),
        vertx -> GrpcTransport.create(vertx, network));
  }

  KvServer(
      KvServerOptions options,
      Function<Vertx, RaftStorage> storage,
      Function<Vertx, Transport> transport) {
    this.options = options;
    // Registries are looked up by name in a table of the whole process.
    MicrometerMetricsOptions metrics =
        new MicrometerMetricsOptions()
            .setEnabled(true)
            .setJvmMetricsEnabled(true)
            .setLabels(
                EnumSet.of(Label.LOCAL, Label.HTTP_ROUTE, Label.HTTP_METHOD, Label.HTTP_CODE))
            // Vert.x registers these anew for each peer, which gives nothing but a warning.
            .addDisabledMetricsCategory(MetricsDomain.HTTP_CLIENT)
            .addDisabledMetricsCategory(MetricsDomain.NAMED_POOLS)
            .setRegistryName("raft-kv-" + UUID.randomUUID());
    this.vertx =
        Vertx.builder()
            .with(new VertxOptions().setMetricsOptions(metrics))
            .withMetrics(new MicrometerMetricsFactory(registry))
            .build();
    this.storage = storage.apply(vertx);
    this.transport = transport.apply(vertx);
    this.raft =
        new RaftVerticle(
            new RaftOptions(options.raft()), new KvStateMachine(), this.storage, this.transport);
  }

  /**
   * Opens the data directory, joins the group and listens for HTTP.
   *
   * @return completes when requests are served, though perhaps without a leader yet; if it fails,
   *     everything has been closed again, and the message names the trouble and the remedy
   */
  public Future<KvServer> start() {
    // Without a context: it must complete even when every context is gone.
    Promise<KvServer> started = Promise.promise();
    vertx
        .deployVerticle(raft)
        .compose(
            id -> {
              raftDeployment = id;
              http = new HttpVerticle(options, raft.node(), registry);
              return vertx.deployVerticle(http);
            })
        .onComplete(
            id -> {
              httpDeployment = id;
              started.complete(this);
            },
            cause -> stop().onComplete(closed -> started.fail(cause)));
    return started.future();
  }

  /**
   * Closes HTTP, node, transport and storage in this order, whatever fails on the way. Idempotent.
   *
   * @return completes when all is closed; fails with the first failure
   */
  public Future<Void> stop() {
    if (stopCalled.compareAndSet(false, true)) {
      Future<Void> previous = undeploy(httpDeployment);
      previous = then(previous, () -> undeploy(raftDeployment));
      previous = then(previous, transport::close);
      previous = then(previous, storage::close);
      previous.onComplete(
          before ->
              vertx
                  .close()
                  .onComplete(
                      after -> {
                        registry.close();
                        AsyncResult<Void> result = before.failed() ? before : after;
                        stopped.complete(null, result.cause());
                      }));
    }
    return stopped.future();
  }

  private Future<Void> undeploy(String deployment) {
    return deployment == null ? Future.succeededFuture() : vertx.undeploy(deployment);
  }

  private static Future<Void> then(Future<Void> previous, Supplier<Future<Void>> next) {
    return previous.transform(
        before ->
            next.get()
                .transform(
                    after ->
                        before.failed() || after.succeeded()
                            ? resultOf(before)
                            : Future.failedFuture(after.cause())));
  }

  private static Future<Void> resultOf(AsyncResult<Void> done) {
    return done.succeeded() ? Future.succeededFuture() : Future.failedFuture(done.cause());
  }

  /**
   * The port HTTP is served on.
   *
   * @throws IllegalStateException before the server has started
   */
  public int httpPort() {
    if (httpDeployment == null) {
      throw new IllegalStateException("the server has not started");
    }
    return http.port();
  }

  /** The member; see {@link RaftVerticle#node()}. */
  public RaftNode node() {
    return raft.node();
  }
}
