package io.vertxraft.examples.kv;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** Writes answers; does nothing for clients that are gone. */
final class Responses {
  private static final String RETRY_AFTER_SECONDS = "1";

  private final StatusCache status;

  Responses(StatusCache status) {
    this.status = status;
  }

  void json(HttpServerRequest request, int code, JsonObject body) {
    request.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    bytes(request, code, body.toBuffer().appendString("\n"));
  }

  void problem(HttpServerRequest request, Problem problem) {
    HttpServerResponse response = request.response();
    if (response.headWritten()) {
      return;
    }
    if (problem.status() == 503) {
      response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    json(request, problem.status(), problem.toJson(status.newest().getLeaderId()));
  }

  void methodNotAllowed(HttpServerRequest request, String allowed) {
    request.response().putHeader(HttpHeaders.ALLOW, allowed);
    problem(
        request,
        Problem.rejected(
            405, "%s is not allowed here, allowed are %s".formatted(request.method(), allowed)));
  }

  /** Ends the response with {@code body}, or for HEAD with nothing but its length. */
  void bytes(HttpServerRequest request, int code, Buffer body) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(code);
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
    if (HttpMethod.HEAD.equals(request.method())) {
      response.end();
    } else {
      response.end(body);
    }
  }
}
