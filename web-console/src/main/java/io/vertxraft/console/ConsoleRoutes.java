package io.vertxraft.console;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The addresses of the console, relative to its mount. All are read-only. */
final class ConsoleRoutes {
  private static final String API = "/api/v1/";

  private final ConsoleImpl console;
  private final Router router;

  ConsoleRoutes(Vertx vertx, ConsoleImpl console, RaftConsoleOptions options) {
    this.console = console;
    this.router = Router.router(vertx);
    Guard guard = new Guard(options.getAllowedHosts());
    router.route().handler(guard::handle);
    router
        .route()
        .handler(
            request -> {
              if (console.isClosed()) {
                console.refuseClosed(request);
              } else {
                request.next();
              }
            });
    get("/", this::page);
    get("/assets/:hash/:file", this::asset);
    get(API + "state", this::state);
    get(API + "stream", this::stream);
    get(API + "events", this::events);
    get(API + "explain", this::explain);
    get(API + "health", this::health);
    get(API + "text", this::text);
    get(API + "capabilities", request -> Answers.json(request, 200, console.capabilities()));
    router.route().handler(ConsoleRoutes::mountOrNotFound);
  }

  Router router() {
    return router;
  }

  static JsonArray endpoints() {
    return JsonArray.of("state", "stream", "events", "explain", "health", "text", "capabilities");
  }

  private void get(String path, Handler<RoutingContext> handler) {
    router.route(HttpMethod.GET, path).handler(handler);
    router.route(HttpMethod.HEAD, path).handler(handler);
    router
        .route(path)
        .handler(
            request -> {
              request.response().putHeader("Allow", "GET, HEAD");
              Answers.error(
                  request,
                  405,
                  "%s is not possible here, the console is read-only: use GET"
                      .formatted(Words.plain(request.request().method().name())));
            });
  }

  private static void notFound(RoutingContext request) {
    Answers.error(
        request, 404, "the console has nothing at '%s'".formatted(request.normalizedPath()));
  }

  /** {@code /raft} matches a mount at {@code /raft/*}, but no route of the sub-router. */
  private static void mountOrNotFound(RoutingContext request) {
    String mount = request.mountPoint() == null ? "" : request.mountPoint();
    String directory = mount.endsWith("/") ? mount : mount + "/";
    if (directory.equals(request.normalizedPath() + "/")) {
      redirectToDirectory(request);
    } else {
      notFound(request);
    }
  }

  private void page(RoutingContext request) {
    request
        .response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-cache")
        .end(Assets.get().page());
  }

  /** The page's addresses are relative, so that it works behind any prefix: it needs the slash. */
  private static void redirectToDirectory(RoutingContext request) {
    String path = request.normalizedPath();
    String last = path.substring(path.lastIndexOf('/') + 1);
    request.response().setStatusCode(308).putHeader("Location", "./" + last + "/").end();
  }

  private void asset(RoutingContext request) {
    Assets.Asset asset = Assets.get().find(request.pathParam("hash"), request.pathParam("file"));
    if (asset == null) {
      notFound(request);
      return;
    }
    request
        .response()
        .putHeader("Content-Type", asset.contentType())
        .putHeader("Cache-Control", "public, max-age=31536000, immutable")
        .end(asset.body());
  }

  private void state(RoutingContext request) {
    console.withPicture(
        request,
        (picture, extra) ->
            Answers.json(
                request, 200, picture.toJson().put("status", picture.ownStatus()).mergeIn(extra)));
  }

  private void explain(RoutingContext request) {
    console.withPicture(
        request,
        (picture, extra) ->
            Answers.json(
                request,
                200,
                picture
                    .explanation()
                    .toJson()
                    .put("seenFrom", picture.view().seenFrom())
                    .put("timeMs", picture.view().timeMs())));
  }

  private void health(RoutingContext request) {
    console.withPicture(
        request,
        (picture, extra) -> {
          Explanation explanation = picture.explanation();
          JsonObject body =
              new JsonObject()
                  .put("health", explanation.health().name())
                  .put("headline", explanation.headline())
                  .put("seenFrom", picture.view().seenFrom());
          Answers.json(request, explanation.health().httpStatus(), body);
        });
  }

  private void text(RoutingContext request) {
    console.withPicture(request, (picture, extra) -> Answers.text(request, 200, picture.toText()));
  }

  private void events(RoutingContext request) {
    String since = request.request().getParam("since", "0");
    try {
      console.withEvents(request, Math.max(0, Long.parseLong(since)));
    } catch (NumberFormatException e) {
      Answers.error(
          request,
          400,
          "since='%s' is not a number; give the sequence of the last event seen"
              .formatted(Words.plain(since)));
    }
  }

  private void stream(RoutingContext request) {
    if (request.request().method() == HttpMethod.HEAD) {
      request.response().putHeader("Content-Type", "text/event-stream; charset=utf-8").end();
      return;
    }
    String id = request.request().getHeader("Last-Event-ID");
    // A page that opens its stream anew cannot set the header.
    console.stream(request, id != null ? id : request.request().getParam("lastEventId"));
  }
}
