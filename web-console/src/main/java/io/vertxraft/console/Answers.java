package io.vertxraft.console;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Writes answers, unless the client has gone. */
final class Answers {
  private Answers() {}

  static void json(RoutingContext context, int status, JsonObject body) {
    end(context, status, "application/json; charset=utf-8", body.encode());
  }

  /** JSON that is encoded already. */
  static void jsonText(RoutingContext context, int status, String body) {
    end(context, status, "application/json; charset=utf-8", body);
  }

  static void text(RoutingContext context, int status, String body) {
    end(context, status, "text/plain; charset=utf-8", body);
  }

  static void error(RoutingContext context, int status, String message) {
    json(context, status, new JsonObject().put("error", message));
  }

  /** A parameter cannot be used. */
  static void wrong(RoutingContext context, WrongParameter wrong) {
    json(
        context,
        400,
        new JsonObject().put("error", wrong.getMessage()).put("parameter", wrong.parameter()));
  }

  private static void end(RoutingContext context, int status, String contentType, String body) {
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(status).putHeader("Content-Type", contentType).end(body);
    }
  }
}
