package io.vertxraft.console;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * The way of a request for an action: its form is checked first, so that no foreign page can send
 * it with the user's cookies; then the application says whether it may be asked.
 */
final class ActionRoutes {
  static final String HEADER = "X-Raft-Console";
  private static final int BODY_BYTES_MAX = 16 * 1024;

  private final ConsoleImpl console;
  private final ActionDesk desk;
  private final ActionAuthorizer authorizer;

  ActionRoutes(ConsoleImpl console, ActionDesk desk, ActionAuthorizer authorizer) {
    this.console = console;
    this.desk = desk;
    this.authorizer = authorizer;
  }

  /** Handles a POST. */
  void handle(RoutingContext request) {
    String foreign = whyForeign(request.request());
    if (foreign != null) {
      Answers.error(request, 403, foreign);
      return;
    }
    String type = request.request().getHeader("Content-Type");
    if (type == null || !type.toLowerCase(Locale.ROOT).matches("application/json\\s*(;.*)?")) {
      Answers.error(request, 415, "send JSON with 'Content-Type: application/json'");
      return;
    }
    String name = request.pathParam("name");
    ConsoleAction action = desk.find(name);
    if (action == null) {
      Answers.error(
          request,
          404,
          "there is no action '%s' here, but %s"
              .formatted(Words.plain(name), Words.list(desk.names())));
      return;
    }
    RequestBodies.read(request, BODY_BYTES_MAX)
        .onSuccess(body -> parsed(request, action, body))
        .onFailure(
            cause -> {
              int status = cause instanceof RequestBodies.TooLarge ? 413 : 400;
              Answers.error(request, status, cause.getMessage());
            });
  }

  /** Why a request may come from another site's page, or null. */
  private static String whyForeign(HttpServerRequest request) {
    if (!"1".equals(request.getHeader(HEADER))) {
      return "the header '%s: 1' is missing, which shows that no foreign page asks"
          .formatted(HEADER);
    }
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      return "a page of another origin asks (Sec-Fetch-Site is '%s')".formatted(Words.plain(site));
    }
    String origin = request.getHeader("Origin");
    return origin == null || isOwn(origin, request)
        ? null
        : "a page of another origin asks (Origin is '%s')".formatted(Words.plain(origin));
  }

  /** A proxy may have changed the scheme, but it hands the host on. */
  private static boolean isOwn(String origin, HttpServerRequest request) {
    HostAndPort authority = request.authority();
    try {
      String theirs = new URI(origin).getAuthority();
      return authority != null && theirs != null && theirs.equalsIgnoreCase(authority.toString());
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private void parsed(RoutingContext request, ConsoleAction action, Buffer body) {
    JsonObject parameters;
    try {
      parameters = new JsonObject(body);
    } catch (DecodeException | ClassCastException e) {
      Answers.error(
          request, 400, "the body is no JSON object with the parameters; send {} for none");
      return;
    }
    String dryRun = request.request().getParam("dryRun", "false");
    if (!dryRun.equals("true") && !dryRun.equals("false")) {
      Answers.wrong(
          request,
          new WrongParameter(
              "dryRun", "dryRun is '%s': it must be true or false".formatted(Words.plain(dryRun))));
      return;
    }
    Context own = request.vertx().getOrCreateContext();
    Future.succeededFuture()
        .compose(v -> authorizer.authorize(request, action.name()))
        .onComplete(
            done ->
                own.runOnContext(
                    v -> {
                      if (done.succeeded()) {
                        perform(request, action, parameters, done.result(), "true".equals(dryRun));
                      } else {
                        deny(request, action, done.cause());
                      }
                    }));
  }

  private void deny(RoutingContext request, ConsoleAction action, Throwable cause) {
    String why =
        cause.getMessage() == null ? "you may not do this here" : Words.plain(cause.getMessage());
    SocketAddress remote = request.request().remoteAddress();
    String who = remote == null ? "unknown" : String.valueOf(remote.hostAddress());
    console.onPicture(request, picture -> desk.denied(action.name(), who, why, picture));
    Answers.error(request, 403, "%s is not allowed: %s".formatted(action.name(), why));
  }

  private void perform(
      RoutingContext request,
      ConsoleAction action,
      JsonObject parameters,
      String who,
      boolean dryRun) {
    Context own = request.vertx().getOrCreateContext();
    String name = who == null || who.isBlank() ? "unknown" : who;
    console.onPicture(
        request,
        picture ->
            Future.succeededFuture()
                .compose(
                    v ->
                        desk.perform(
                            new ActionDesk.Asked(action, parameters, name, dryRun, picture)))
                .otherwise(
                    cause ->
                        new ActionDesk.Reply(
                            500, new JsonObject().put("error", String.valueOf(cause.getMessage()))))
                .onSuccess(
                    reply ->
                        own.runOnContext(
                            v -> Answers.json(request, reply.status(), reply.body()))));
  }
}
