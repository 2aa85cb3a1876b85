package io.vertxraft.examples.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertxraft.RaftNode;
import io.vertxraft.console.RaftConsole;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Serves the web console on loopback: each running member's own view under its id, and under the
 * root the view of one that is connected, which changes when that member goes away. Confined to the
 * demo's context.
 */
final class ConsoleHost {
  private static final String HOST = "127.0.0.1";
  private static final int UNAVAILABLE = 503;

  private final Vertx vertx;
  private final DemoCluster cluster;
  private final Router root;
  private final Map<DemoMember, Mount> mounts = new LinkedHashMap<>();
  private HttpServer server;
  private DemoMember main;

  /** A console and the life of the member it shows. */
  private record Mount(RaftNode node, RaftConsole console) {}

  ConsoleHost(Vertx vertx, DemoCluster cluster) {
    this.vertx = vertx;
    this.cluster = cluster;
    this.root = Router.router(vertx);
  }

  /**
   * Listens.
   *
   * @param port 0 takes a free one
   */
  Future<Void> listen(int port) {
    server = vertx.createHttpServer().requestHandler(root);
    return server
        .listen(port, HOST)
        .recover(
            cause ->
                Future.failedFuture(
                    new IllegalStateException(
                        "the console cannot listen on %s:%d (%s): choose another --port"
                            .formatted(HOST, port, cause.getMessage()),
                        cause)))
        .mapEmpty();
  }

  /** Where browsers find it. */
  String address() {
    return "http://%s:%d/".formatted(HOST, server.actualPort());
  }

  /** Brings the routes in line with the members that run. */
  void update() {
    boolean changed = false;
    for (DemoMember member : cluster.members()) {
      Mount mount = mounts.get(member);
      if (mount != null && mount.node() != member.node()) {
        mounts.remove(member).console().close();
        changed = true;
      }
      if (member.node() != null && !mounts.containsKey(member)) {
        mounts.put(member, new Mount(member.node(), RaftConsole.create(vertx, member.node())));
        changed = true;
      }
    }
    if (main == null || !main.isConnected()) {
      Optional<DemoMember> next =
          mounts.keySet().stream().filter(DemoMember::isConnected).findAny();
      changed |= next.isPresent() && next.get() != main;
      main = next.orElse(main);
    }
    if (changed) {
      route();
    }
  }

  private void route() {
    root.clear();
    for (DemoMember member : cluster.members()) {
      mount("/" + member.id() + "/*", mounts.get(member), member.id() + " is down");
    }
    mount("/*", mounts.get(main), "no member is up and connected");
  }

  private void mount(String path, Mount mount, String excuse) {
    if (mount == null) {
      root.route(path)
          .handler(request -> request.response().setStatusCode(UNAVAILABLE).end(excuse));
    } else {
      root.route(path).subRouter(mount.console().router());
    }
  }

  /** Ends all consoles and stops listening. */
  Future<Void> close() {
    mounts.values().forEach(mount -> mount.console().close());
    mounts.clear();
    return server == null ? Future.succeededFuture() : server.close().otherwiseEmpty();
  }
}
