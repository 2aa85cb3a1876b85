package io.vertxraft.console.browser;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertxraft.console.PreviewGroup;
import io.vertxraft.console.RaftConsole;
import io.vertxraft.console.RaftConsoleOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One server on loopback for the pages of all tests, each under a path of its own. */
final class PageServer implements AutoCloseable {
  private static final long TIMEOUT_S = 20;

  private final Vertx vertx = Vertx.vertx();
  private final Router root = Router.router(vertx);
  private final Map<String, Mount> previews = new HashMap<>();
  private final HttpServer server;

  /** A page and the console behind it. */
  record Mount(String path, RaftConsole console) {
    /** The member goes away: streams end, and everything is refused. */
    void close() {
      await(console.close());
    }
  }

  PageServer() {
    server = await(vertx.createHttpServer().requestHandler(root).listen(0, "127.0.0.1"));
  }

  static <T> T await(Future<T> future) {
    return future.timeout(TIMEOUT_S, TimeUnit.SECONDS).await();
  }

  Vertx vertx() {
    return vertx;
  }

  String address() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** Mounts a console; gives its path. */
  String mount(String name, RaftConsole console) {
    String path = "/" + name + "/";
    root.route(path + "*").subRouter(console.router());
    return path;
  }

  /** The page of a made-up group, see {@link PreviewGroup}; gives its path. */
  String preview(String scenario, int members) {
    return previews
        .computeIfAbsent(
            scenario + members, name -> mountPreview("preview/" + name, scenario, members, 250))
        .path();
  }

  /** A page of a made-up group that a test may close. */
  Mount mountPreview(String name, String scenario, int members, long sampleIntervalMs) {
    PreviewGroup group = new PreviewGroup(scenario, members);
    RaftConsoleOptions options = new RaftConsoleOptions().setSampleIntervalMs(sampleIntervalMs);
    RaftConsole console = RaftConsole.create(vertx, group.node(), options);
    return new Mount(mount(name, console), console);
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
