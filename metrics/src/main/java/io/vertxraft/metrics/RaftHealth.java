package io.vertxraft.metrics;

import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import io.vertxraft.NodeState;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import java.util.Locale;

/**
 * Procedures for {@code vertx-health-check}:
 *
 * <pre>{@code
 * HealthChecks live = HealthChecks.create(vertx).register("raft", RaftHealth.liveness(node));
 * HealthChecks ready = HealthChecks.create(vertx).register("raft", RaftHealth.readiness(node));
 * }</pre>
 *
 * <p>The data of each answer says in {@code explanation}, in words, why. A member whose context is
 * stuck does not answer, which the health checks count as down after the time limit of the
 * procedure.
 */
public final class RaftHealth {
  private RaftHealth() {}

  /**
   * Down if the member has failed or was closed: nothing but a new start helps. A member without a
   * leader, or one that recovers, is alive.
   */
  public static Handler<Promise<Status>> liveness(RaftNode node) {
    return promise -> node.status().map(RaftHealth::live).onComplete(promise);
  }

  /**
   * Up while reads and writes may be sent to the member: it runs, has applied what its log held,
   * and knows a leader; if it is that itself, it has applied the first entry of its term.
   */
  public static Handler<Promise<Status>> readiness(RaftNode node) {
    return promise -> node.status().map(RaftHealth::ready).onComplete(promise);
  }

  private static Status live(RaftStatus status) {
    String trouble = ended(status);
    return answer(status, trouble, "lives: " + role(status));
  }

  private static Status ready(RaftStatus status) {
    String trouble = ended(status);
    if (trouble == null) {
      trouble = notYet(status);
    }
    return answer(status, trouble, "serves: " + role(status));
  }

  private static Status answer(RaftStatus status, String trouble, String well) {
    JsonObject data =
        new JsonObject()
            .put("cluster", status.getClusterId())
            .put("group", status.getGroupId())
            .put("node", status.getNodeId())
            .put("state", String.valueOf(status.getState()))
            .put("role", String.valueOf(status.getRole()))
            .put("term", status.getTerm())
            .put("leader", status.getLeaderId())
            .put("recovering", status.isRecovering())
            .put("explanation", status.getNodeId() + " " + (trouble == null ? well : trouble));
    putIfKnown(data, "failure", status.getFailure());
    putIfKnown(data, "damage", status.getDamage());
    putIfKnown(data, "storageShortage", status.getStorageShortage());
    return trouble == null ? Status.OK(data) : Status.KO(data);
  }

  private static void putIfKnown(JsonObject data, String name, String value) {
    if (value != null) {
      data.put(name, value);
    }
  }

  /** Why the member does not live, or null. */
  private static String ended(RaftStatus status) {
    return switch (status.getState()) {
      case FAILED -> "has failed: " + status.getFailure();
      case STOPPED -> "was closed";
      case STARTING, RUNNING -> null;
    };
  }

  /** Why the member does not serve yet, or null. */
  private static String notYet(RaftStatus status) {
    if (status.getState() == NodeState.STARTING) {
      return "is starting";
    }
    if (status.isRecovering()) {
      return "still applies what its log held: up to index %d of %d"
          .formatted(status.getAppliedIndex(), status.getCommitIndex());
    }
    if (status.getLeaderId() == null) {
      return "knows no leader: "
          + (status.getRoleCause() == null ? "it has just begun to listen" : status.getRoleCause());
    }
    if (status.getRole() == RaftRole.LEADER && !status.isLeaderReady()) {
      return "leads term %d, but has not applied the first entry of it yet"
          .formatted(status.getTerm());
    }
    return null;
  }

  private static String role(RaftStatus status) {
    if (status.getRole() == RaftRole.LEADER) {
      return "it leads term " + status.getTerm();
    }
    return status.getLeaderId() == null
        ? "it is %s in term %d and knows no leader"
            .formatted(
                status.getRole().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                status.getTerm())
        : "it follows %s in term %d".formatted(status.getLeaderId(), status.getTerm());
  }
}
