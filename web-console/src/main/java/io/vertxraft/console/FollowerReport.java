package io.vertxraft.console;

import io.vertx.core.json.JsonObject;
import io.vertxraft.FollowerStatus;

/**
 * A follower as its leader sees it, with what follows from watching it for a while.
 *
 * @param status what the leader reports
 * @param state how well the follower keeps up
 * @param lagEntries entries of the leader's log that the follower lacks, or -1 if it has not told
 *     this leader yet what it holds
 * @param lagMs age of the oldest of them as far as it was watched, 0 if there is none, -1 if not
 *     known
 * @param snapshotStillMs for how long it has got no more of the snapshot it fetches, as far as that
 *     was watched; -1 if it fetches none
 */
public record FollowerReport(
    FollowerStatus status, FollowerState state, long lagEntries, long lagMs, long snapshotStillMs) {

  /** The member. */
  public String nodeId() {
    return status.getNodeId();
  }

  /** Whether the leader can count on it. */
  public boolean isInStep() {
    return state == FollowerState.HEALTHY && !status.isDamaged();
  }

  /** Whether the leader knows what the follower holds. */
  public boolean isLagKnown() {
    return lagEntries >= 0;
  }

  /** Whether it fetches a snapshot in place of entries that its leader has no more. */
  public boolean fetchesSnapshot() {
    return snapshotStillMs >= 0;
  }

  /**
   * The leader's report with {@code state}, {@code lagEntries}, {@code lagMs} and {@code
   * snapshotStillMs} added.
   */
  public JsonObject toJson() {
    return status
        .toJson()
        .put("state", state.name())
        .put("lagEntries", lagEntries)
        .put("lagMs", lagMs)
        .put("snapshotStillMs", snapshotStillMs);
  }
}
