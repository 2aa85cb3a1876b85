package io.vertxraft.console;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/**
 * Serves the page of a {@link PreviewGroup} on loopback, to look at it in a browser. Arguments:
 * port, scenario and number of members.
 */
public final class ConsolePreview {
  private ConsolePreview() {}

  /** Starts the preview. */
  public static void main(String[] args) {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8099;
    String scenario = args.length > 1 ? args[1] : "healthy";
    int size = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    PreviewGroup group = new PreviewGroup(scenario, size);
    Vertx vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    router.route("/raft/*").subRouter(RaftConsole.create(vertx, group.node()).router());
    vertx
        .createHttpServer()
        .requestHandler(router)
        .listen(port, "127.0.0.1")
        .onSuccess(s -> System.out.printf("http://127.0.0.1:%d/raft/%n", s.actualPort()))
        .onFailure(Throwable::printStackTrace);
  }
}
