package io.vertxraft.console;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Serves consoles without an application's own server: on loopback, or elsewhere behind a handler
 * that says who may come in.
 *
 * <pre>{@code
 * RaftConsoleServer server = RaftConsoleServer.create(vertx).show("/", console);
 * server.listen().onSuccess(listening -> System.out.println(server.address()));
 * }</pre>
 *
 * <p>All methods may be called from any thread.
 */
public final class RaftConsoleServer {
  private static final int UNAVAILABLE = 503;

  private final Vertx vertx;
  private final HttpServerOptions options;
  private final Map<String, Shown> shown = new LinkedHashMap<>();
  private Handler<RoutingContext> guard;
  private HttpServer server;
  private volatile Router routes;

  /** A console at a path, or why there is none. */
  private record Shown(RaftConsole console, String excuse) {}

  private RaftConsoleServer(Vertx vertx, HttpServerOptions options) {
    this.vertx = vertx;
    this.options = new HttpServerOptions(options);
    this.routes = Router.router(vertx);
  }

  /** A server for 127.0.0.1 and a free port. */
  public static RaftConsoleServer create(Vertx vertx) {
    return create(vertx, new HttpServerOptions().setHost("127.0.0.1").setPort(0));
  }

  /**
   * A server that does not listen yet.
   *
   * @param options host, port, TLS and limits; copied. Vert.x's default host is every address,
   *     which needs {@link #authenticate}
   */
  public static RaftConsoleServer create(Vertx vertx, HttpServerOptions options) {
    return new RaftConsoleServer(vertx, options);
  }

  /**
   * Sets who may come in: a handler that calls {@code next()} or answers itself, such as those of
   * vertx-web. Before {@link #listen}.
   */
  public synchronized RaftConsoleServer authenticate(Handler<RoutingContext> handler) {
    if (server != null) {
      throw new IllegalStateException("the server listens already: authenticate before listen");
    }
    guard = Objects.requireNonNull(handler, "handler");
    return this;
  }

  /**
   * Shows a console at a path, in place of what is there; also while the server listens.
   *
   * @param path {@code /}, or such as {@code /n1/}
   */
  public RaftConsoleServer show(String path, RaftConsole console) {
    return put(path, new Shown(Objects.requireNonNull(console, "console"), null));
  }

  /** Answers 503 with a reason at a path. */
  public RaftConsoleServer excuse(String path, String reason) {
    return put(path, new Shown(null, reason));
  }

  private synchronized RaftConsoleServer put(String path, Shown what) {
    if (!path.startsWith("/") || !path.endsWith("/")) {
      throw new IllegalArgumentException(
          "path '%s' must begin and end with a slash".formatted(path));
    }
    shown.put(path, what);
    routes = route();
    return this;
  }

  private Router route() {
    Router router = Router.router(vertx);
    if (guard != null) {
      router.route().handler(guard);
    }
    // The longest first: "/" takes everything.
    shown.keySet().stream()
        .sorted((a, b) -> Integer.compare(b.length(), a.length()))
        .forEach(path -> mount(router, path, shown.get(path)));
    return router;
  }

  private static void mount(Router router, String path, Shown what) {
    if (what.console() != null) {
      router.route(path + "*").subRouter(what.console().router());
    } else {
      router
          .route(path + "*")
          .handler(
              request -> {
                request.response().putHeader("Content-Type", "text/plain; charset=utf-8");
                request.response().setStatusCode(UNAVAILABLE).end(what.excuse());
              });
    }
  }

  /**
   * Listens.
   *
   * @return fails if the address is not a loopback one and nobody is asked who comes in, or cannot
   *     be listened on; the message names it
   */
  public synchronized Future<Void> listen() {
    if (server != null) {
      return Future.failedFuture(new IllegalStateException("the server listens already"));
    }
    if (guard == null && !isLoopback(options.getHost())) {
      return Future.failedFuture(
          new IllegalStateException(
              "the console would listen on '%s' for everybody: call authenticate(handler), or use a"
                      .formatted(options.getHost())
                  + " loopback address"));
    }
    routes = route();
    server = vertx.createHttpServer(options).requestHandler(request -> routes.handle(request));
    return server
        .listen()
        .recover(
            cause ->
                Future.failedFuture(
                    new IllegalStateException(
                        "the console cannot listen on %s:%d (%s)"
                            .formatted(options.getHost(), options.getPort(), cause.getMessage()),
                        cause)))
        .mapEmpty();
  }

  /** Names are not looked up, but for the one that every machine knows. */
  private static boolean isLoopback(String host) {
    if ("localhost".equalsIgnoreCase(host)) {
      return true;
    }
    boolean literal = host != null && (host.contains(":") || host.matches("[0-9.]+"));
    try {
      return literal && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** The port, once the server listens. */
  public synchronized int port() {
    return server.actualPort();
  }

  /** Where browsers find it, once the server listens. */
  public String address() {
    String scheme = options.isSsl() ? "https" : "http";
    String host =
        options.getHost().contains(":") ? "[" + options.getHost() + "]" : options.getHost();
    return "%s://%s:%d/".formatted(scheme, host, port());
  }

  /** Stops listening. The consoles are not closed. Idempotent. */
  public synchronized Future<Void> close() {
    HttpServer listening = server;
    server = null;
    return listening == null ? Future.succeededFuture() : listening.close();
  }
}
