package io.vertxraft.examples.kv;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertxraft.RaftNode;
import io.vertxraft.console.RaftConsole;
import io.vertxraft.console.RaftConsoleOptions;
import io.vertxraft.metrics.RaftMetrics;
import io.vertxraft.metrics.RaftMetricsOptions;
import java.util.concurrent.TimeUnit;

/** Serves HTTP on a context of its own. */
final class HttpVerticle extends VerticleBase {
  /** Room for the longest key with every byte percent-encoded, and for a query with two of them. */
  private static final int REQUEST_LINE_BYTES_MAX = 8 * KvKey.BYTES_MAX;

  private static final int IDLE_TIMEOUT_MIN_SECONDS = 60;
  private static final long SHUTDOWN_GRACE_MS = 2_000;

  private final KvServerOptions options;
  private final RaftNode node;
  private final PrometheusMeterRegistry registry;
  private final StatusCache status;
  private final Responses responses;
  private RaftMetrics metrics;
  private RaftConsole console;
  private HttpServer server;
  private int connections;

  HttpVerticle(KvServerOptions options, RaftNode node, PrometheusMeterRegistry registry) {
    this.options = options;
    this.node = node;
    this.registry = registry;
    this.status = new StatusCache(node);
    this.responses = new Responses(status);
  }

  /** The port that is listened on. */
  int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> start() {
    server =
        vertx
            .createHttpServer(httpOptions())
            .connectionHandler(this::connected)
            .invalidRequestHandler(this::invalid)
            .requestHandler(checked(routes()));
    // Each scrape takes a sample of its own; the timer would be one too many.
    return RaftMetrics.bind(vertx, node, registry, new RaftMetricsOptions().setSampleIntervalMs(0))
        .compose(
            bound -> {
              metrics = bound;
              return status.start(vertx);
            })
        .compose(started -> server.listen())
        .recover(
            cause ->
                Future.failedFuture(
                    new StartTrouble.ListenException(options.httpAddress(), cause)));
  }

  @Override
  public Future<?> stop() {
    status.stop();
    metrics.close();
    return console
        .close()
        .eventually(() -> server.shutdown(SHUTDOWN_GRACE_MS, TimeUnit.MILLISECONDS));
  }

  private HttpServerOptions httpOptions() {
    // A request may wait for its outcome as long as these timeouts say.
    long waitMs = Math.max(options.raft().getApplyTimeoutMs(), options.raft().getReadTimeoutMs());
    long waitSeconds = TimeUnit.MILLISECONDS.toSeconds(waitMs) + 10;
    return new HttpServerOptions()
        .setHost(options.httpHost())
        .setPort(options.httpPort())
        .setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX)
        .setHttp2ClearTextEnabled(false)
        .setIdleTimeout((int) Math.max(IDLE_TIMEOUT_MIN_SECONDS, waitSeconds))
        .setIdleTimeoutUnit(TimeUnit.SECONDS);
  }

  private Router routes() {
    Router router = Router.router(vertx);
    KvMetrics requests = new KvMetrics(registry);
    router.route().handler(new KvHandler(vertx, node, status, requests, responses, options));
    readOnly(router, "/health", new KvHealth(vertx, node, responses));
    readOnly(router, "/metrics", this::scrape);
    router.route(KvAdmin.SNAPSHOT_PATH).handler(new KvAdmin(vertx, node, responses));
    console =
        RaftConsole.create(
            vertx, node, new RaftConsoleOptions().setAllowedHosts(options.allowedHosts()));
    router.route("/raft/*").subRouter(console.router());
    router
        .route()
        .handler(
            context ->
                responses.problem(
                    context.request(),
                    Problem.rejected(
                        404,
                        "unknown path; there are /kv, /kv/{key}, /health, /metrics, /raft/ and"
                            + " /admin/snapshot")));
    router
        .route()
        .failureHandler(context -> responses.problem(context.request(), problemOf(context)));
    // The router gives these when it cannot decode a path, without asking any failure handler.
    router.errorHandler(
        400,
        context ->
            responses.problem(
                context.request(), Problem.rejected(400, "the path cannot be decoded")));
    return router;
  }

  private Handler<HttpServerRequest> checked(Handler<HttpServerRequest> next) {
    RequestCheck check = new RequestCheck(options.allowedHosts());
    return request -> {
      RequestCheck.Refusal refusal = check.check(request);
      if (refusal == null) {
        next.handle(request);
        return;
      }
      responses.problem(request, refusal.problem());
      if (refusal.isFinal()) {
        request.connection().close();
      }
    };
  }

  private static Problem problemOf(RoutingContext context) {
    int code = context.statusCode();
    return code >= 400 && code < 500
        ? Problem.rejected(code, "the request cannot be understood")
        : Problem.of(context.failure());
  }

  private void readOnly(Router router, String path, Handler<RoutingContext> handler) {
    router.route(HttpMethod.GET, path).handler(handler);
    router.route(HttpMethod.HEAD, path).handler(handler);
    router
        .route(path)
        .handler(context -> responses.methodNotAllowed(context.request(), "GET, HEAD"));
  }

  /** Rendering takes milliseconds, which the event loop is spared. */
  private void scrape(RoutingContext context) {
    metrics
        .refresh()
        .compose(sampled -> vertx.executeBlocking(registry::scrape, false))
        .onComplete(
            text -> {
              context
                  .response()
                  .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
              responses.bytes(context.request(), 200, Buffer.buffer(text));
            },
            context::fail);
  }

  private void connected(HttpConnection connection) {
    connections++;
    connection.closeHandler(closed -> connections--);
    if (connections > options.httpConnectionsMax()) {
      connection.close();
    }
  }

  /** A request that is no HTTP: an answer, and the end of the connection. */
  private void invalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    int code = 400;
    if (cause instanceof TooLongHttpLineException) {
      code = 414;
    } else if (cause instanceof TooLongHttpHeaderException) {
      code = 431;
    }
    String message = cause == null ? "not an HTTP request" : String.valueOf(cause.getMessage());
    responses.problem(request, Problem.rejected(code, "malformed request: " + message));
    request.connection().close();
  }
}
