package io.vertxraft.examples.kv;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertxraft.RaftException;
import io.vertxraft.RaftNode;
import io.vertxraft.SnapshotOutcome;
import io.vertxraft.SnapshotResult;

/** The resource {@code /admin/snapshot}: a POST takes a snapshot of this member's state. */
final class KvAdmin implements Handler<RoutingContext> {
  static final String SNAPSHOT_PATH = "/admin/snapshot";

  /** A larger one goes on when the client has its answer: connections do not idle for long. */
  private static final long ANSWER_AFTER_MS = 20_000;

  private final Vertx vertx;
  private final RaftNode node;
  private final Responses responses;

  KvAdmin(Vertx vertx, RaftNode node, Responses responses) {
    this.vertx = vertx;
    this.node = node;
    this.responses = responses;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!request.method().equals(HttpMethod.POST)) {
      responses.methodNotAllowed(request, "POST");
    } else if (isForeign(request)) {
      responses.problem(
          request, Problem.rejected(403, "a page of another origin may not ask for a snapshot"));
    } else {
      snapshot(request);
    }
  }

  /** Browsers send this POST for any page without asking, but say which page it was. */
  private static boolean isForeign(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin != null && !origin.endsWith("://" + request.getHeader(HttpHeaders.HOST));
  }

  private void snapshot(HttpServerRequest request) {
    Future<SnapshotResult> taken = node.snapshot();
    long timer =
        vertx.setTimer(
            ANSWER_AFTER_MS,
            id ->
                responses.json(
                    request,
                    202,
                    new JsonObject()
                        .put("outcome", "SAVING")
                        .put("detail", "it goes on; see /raft/ for what becomes of it")));
    taken.onComplete(
        result -> {
          vertx.cancelTimer(timer);
          answer(request, result);
        },
        failure -> {
          vertx.cancelTimer(timer);
          responses.problem(request, problemOf(failure));
        });
  }

  private void answer(HttpServerRequest request, SnapshotResult result) {
    if (result.getOutcome() == SnapshotOutcome.TAKEN) {
      responses.json(request, 200, result.toJson());
    } else {
      responses.problem(
          request,
          Problem.rejected(409, "%s: %s".formatted(result.getOutcome(), result.getDetail())));
    }
  }

  /** Whatever failed, there is no new snapshot, and everything else is as it was. */
  private static Problem problemOf(Throwable failure) {
    int status = failure instanceof RaftException ? 503 : 500;
    return Problem.rejected(status, "no snapshot was taken: " + failure.getMessage());
  }
}
