package io.vertxraft.examples.kv;

import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.RoutingContext;
import io.vertxraft.NodeState;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftStatus;

/** {@code /health}: up while the node serves reads and writes: it runs, and knows a leader. */
final class KvHealth implements Handler<RoutingContext> {
  private static final long TIMEOUT_MS = 2_000;

  private final RaftNode node;
  private final Responses responses;
  private final HealthChecks checks;

  KvHealth(Vertx vertx, RaftNode node, Responses responses) {
    this.node = node;
    this.responses = responses;
    this.checks = HealthChecks.create(vertx).register("raft", TIMEOUT_MS, this::check);
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

  private void check(Promise<Status> promise) {
    node.status().map(KvHealth::judge).onComplete(promise);
  }

  private static Status judge(RaftStatus status) {
    boolean up =
        status.getState() == NodeState.RUNNING
            && status.getLeaderId() != null
            && !status.isRecovering();
    JsonObject data =
        new JsonObject()
            .put("node", status.getNodeId())
            .put("state", String.valueOf(status.getState()))
            .put("role", String.valueOf(status.getRole()))
            .put("term", status.getTerm())
            .put("leader", status.getLeaderId())
            .put("recovering", status.isRecovering());
    if (status.getFailure() != null) {
      data.put("failure", status.getFailure());
    }
    if (status.getDamage() != null) {
      data.put("damage", status.getDamage());
    }
    if (status.getStorageShortage() != null) {
      data.put("storageShortage", status.getStorageShortage());
    }
    return up ? Status.OK(data) : Status.KO(data);
  }
}
