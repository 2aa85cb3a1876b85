package io.vertxraft.console;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The addresses of a console of several groups, relative to its mount. */
final class GroupsRoutes {
  private static final String GROUPS = "/groups/";

  private final GroupsConsole console;
  private final Router router;

  GroupsRoutes(Vertx vertx, GroupsConsole console) {
    this.console = console;
    this.router = Router.router(vertx);
    Guard guard = new Guard(console.setup().options().getAllowedHosts());
    router.route().handler(guard::handle);
    router.route().handler(this::unlessClosed);
    get("/", Pages::page);
    get("/assets/:hash/:file", Pages::asset);
    get("/api/v1/capabilities", r -> Answers.json(r, 200, console.capabilities()));
    get("/api/v1/groups", this::list);
    router.route(GROUPS + "*").handler(this::group);
    router.route().handler(Pages::mountOrNotFound);
  }

  Router router() {
    return router;
  }

  private void get(String path, Handler<RoutingContext> handler) {
    router.route(HttpMethod.GET, path).handler(handler);
    router.route(HttpMethod.HEAD, path).handler(handler);
    router.route(path).handler(request -> Pages.notAllowed(request, "GET, HEAD"));
  }

  private void unlessClosed(RoutingContext request) {
    if (console.isClosed()) {
      Answers.error(request, 503, "the console of the groups is closed");
    } else {
      request.next();
    }
  }

  private void list(RoutingContext request) {
    try {
      console.list(request, GroupsConsole.Wanted.of(request));
    } catch (WrongParameter wrong) {
      Answers.wrong(request, wrong);
    }
  }

  /** A body must not arrive while the group is looked up. */
  private void group(RoutingContext request) {
    if (!request.request().isEnded()) {
      request.request().pause();
    }
    console.withGroup(
        request,
        groupId(request),
        mount -> {
          mount.handleContext(request);
          // By now whoever wants the body listens.
          resume(request);
        });
  }

  /** Lets a body flow that was held back; without it the connection would take no more requests. */
  static void resume(RoutingContext request) {
    if (!request.request().isEnded()) {
      request.request().resume();
    }
  }

  /** What stands after {@code groups/}, up to the next slash. */
  private static String groupId(RoutingContext request) {
    String path = request.normalizedPath();
    String mount = request.mountPoint() == null ? "" : request.mountPoint();
    int from = path.indexOf(GROUPS, Math.max(0, mount.length() - 1)) + GROUPS.length();
    int to = path.indexOf('/', from);
    return path.substring(from, to < 0 ? path.length() : to);
  }
}
