package io.vertxraft.console;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/** The addresses of the console of a group, relative to its mount. */
final class ConsoleRoutes {
  private static final String API = "/api/v1/";

  private final ConsoleImpl console;
  private final Router router;

  ConsoleRoutes(Vertx vertx, ConsoleImpl console) {
    this.console = console;
    this.router = Router.router(vertx);
    Guard guard = new Guard(console.setup().options().getAllowedHosts());
    router.route().handler(guard::handle);
    router.route().handler(this::unlessClosed);
    get("/", Pages::page);
    get("/assets/:hash/:file", Pages::asset);
    get(API + "state", this::state);
    get(API + "stream", console.door()::handle);
    get(API + "events", this::events);
    get(API + "explain", this::explain);
    get(API + "health", this::health);
    get(API + "text", this::text);
    get(API + "capabilities", this::capabilities);
    HistoryRoutes history = new HistoryRoutes(console);
    get(API + "history", history::overviewOrMoment);
    get(API + "history/frames", history::frames);
    get(API + "diagnostics.zip", history::bundle);
    get(API + "what-if", this::whatIf);
    get(API + "log", new LogRoutes(console)::handle);
    if (console.setup().hasActions()) {
      get(API + "audit", this::audit);
      ActionRoutes actions =
          new ActionRoutes(console, console.desk(), console.setup().authorizer());
      router.route(HttpMethod.POST, API + "actions/:name").handler(actions::handle);
      router.route(API + "actions/:name").handler(request -> Pages.notAllowed(request, "POST"));
    }
    router.route().handler(Pages::mountOrNotFound);
  }

  private void unlessClosed(RoutingContext request) {
    if (console.isClosed()) {
      console.refuseClosed(request);
    } else {
      request.next();
    }
  }

  Router router() {
    return router;
  }

  static JsonArray endpoints(boolean actions) {
    JsonArray endpoints =
        JsonArray.of(
            "state",
            "stream",
            "events",
            "explain",
            "health",
            "text",
            "capabilities",
            "history",
            "diagnostics.zip",
            "what-if",
            "log");
    return actions ? endpoints.add("actions").add("audit") : endpoints;
  }

  private void get(String path, Handler<RoutingContext> handler) {
    router.route(HttpMethod.GET, path).handler(handler);
    router.route(HttpMethod.HEAD, path).handler(handler);
    router.route(path).handler(request -> Pages.notAllowed(request, "GET, HEAD"));
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
    since(
        request,
        since ->
            console.ask(
                request,
                () -> console.eventsSince(since),
                body -> Answers.json(request, 200, body)));
  }

  private void audit(RoutingContext request) {
    since(
        request,
        since ->
            console.ask(
                request,
                () ->
                    new JsonObject()
                        .put("epoch", console.epoch())
                        .put("source", console.node().nodeId())
                        .put("newest", console.audit().newest())
                        .put("entries", console.audit().since(since)),
                body -> Answers.json(request, 200, body)));
  }

  private static void since(RoutingContext request, LongConsumer taker) {
    try {
      taker.accept(Query.number(request, "since", 0, 0, Long.MAX_VALUE));
    } catch (WrongParameter wrong) {
      Answers.wrong(request, wrong);
    }
  }

  private void capabilities(RoutingContext request) {
    Context own = request.vertx().getOrCreateContext();
    Future.succeededFuture()
        .compose(v -> console.node().status())
        .onComplete(
            done ->
                own.runOnContext(
                    v -> Answers.json(request, 200, console.capabilities(done.result()))));
  }

  private void whatIf(RoutingContext request) {
    String down = request.request().getParam("down", "");
    List<String> ids =
        Arrays.stream(down.split(",")).map(String::strip).filter(id -> !id.isEmpty()).toList();
    console.withPicture(
        request,
        (picture, extra) -> {
          try {
            Answers.json(request, 200, WhatIf.without(picture.view(), ids).toJson());
          } catch (IllegalArgumentException e) {
            Answers.wrong(request, new WrongParameter("down", e.getMessage()));
          }
        });
  }
}
