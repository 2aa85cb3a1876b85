package io.vertxraft.examples.kv;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.web.RoutingContext;
import io.vertxraft.RaftNode;
import io.vertxraft.metrics.RaftHealth;

/** {@code /health}: up while the node serves reads and writes. */
final class KvHealth implements Handler<RoutingContext> {
  private static final long TIMEOUT_MS = 2_000;

  private final Responses responses;
  private final HealthChecks checks;

  KvHealth(Vertx vertx, RaftNode node, Responses responses) {
    this.responses = responses;
    this.checks =
        HealthChecks.create(vertx).register("raft", TIMEOUT_MS, RaftHealth.readiness(node));
  }

  @Override
  public void handle(RoutingContext context) {
    checks
        .checkStatus()
        .onComplete(
            result ->
                responses.json(
                    context.request(),
                    CheckResult.isUp(result) ? 200 : 503,
                    result.toJson().put("outcome", CheckResult.isUp(result) ? "UP" : "DOWN")),
            context::fail);
  }
}
