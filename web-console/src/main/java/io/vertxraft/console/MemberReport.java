package io.vertxraft.console;

import io.vertx.core.json.JsonObject;
import io.vertxraft.NodeState;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;

/**
 * What the console knows of one member.
 *
 * @param nodeId the member
 * @param host where it listens for its peers, or an empty text if not known
 * @param port its peer port, or 0 if not known
 * @param status its newest report, or null if none ever arrived
 * @param ageMs milliseconds since that report arrived, or since the console first asked if none did
 * @param error why the last attempt to get a report failed, or null if it succeeded
 */
public record MemberReport(
    String nodeId, String host, int port, RaftStatus status, long ageMs, String error) {

  /** Whether the report is recent enough to judge by. */
  public boolean isFresh(long silentAfterMs) {
    return status != null && ageMs <= silentAfterMs;
  }

  /** Whether the member says that it leads. */
  public boolean claimsToLead() {
    return status != null
        && status.getRole() == RaftRole.LEADER
        && status.getState() == NodeState.RUNNING;
  }

  /** Whether the member says that its storage or state machine failed. */
  public boolean hasFailed() {
    return status != null && status.getState() == NodeState.FAILED;
  }

  /** The JSON form; {@code status} and {@code error} are null where there is none. */
  public JsonObject toJson(long silentAfterMs) {
    return new JsonObject()
        .put("nodeId", nodeId)
        .put("host", host)
        .put("port", port)
        .put("status", status == null ? null : status.toJson())
        .put("ageMs", ageMs)
        .put("fresh", isFresh(silentAfterMs))
        .put("error", error);
  }
}
