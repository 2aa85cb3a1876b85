package io.vertxraft.console;

import io.vertx.core.json.JsonObject;
import io.vertxraft.FollowerStatus;
import io.vertxraft.NodeState;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * How a group seems to be, from the report of one member alone: cheap enough for a list of many.
 *
 * @param status the report
 * @param health in one word
 * @param headline why, in one sentence
 */
record GroupGlance(RaftStatus status, ClusterHealth health, String headline) {
  /** The worst first, then by id. */
  static final Comparator<GroupGlance> BY_TROUBLE =
      Comparator.comparing(GroupGlance::health, Comparator.reverseOrder())
          .thenComparing(GroupGlance::groupId);

  static final Comparator<GroupGlance> BY_NAME = Comparator.comparing(GroupGlance::groupId);

  String groupId() {
    return status.getGroupId();
  }

  static GroupGlance of(RaftStatus status, long silentAfterMs) {
    String self = status.getNodeId();
    if (status.getState() != NodeState.RUNNING) {
      String why = status.getFailure() == null ? "" : ": " + Words.plain(status.getFailure());
      return new GroupGlance(
          status,
          status.getState() == NodeState.FAILED ? ClusterHealth.NO_LEADER : ClusterHealth.DEGRADED,
          "%s is %s%s".formatted(self, status.getState().name().toLowerCase(Locale.ROOT), why));
    }
    if (status.getLeaderId() == null) {
      return new GroupGlance(status, ClusterHealth.NO_LEADER, self + " knows no leader");
    }
    String trouble = ownTrouble(status);
    if (trouble == null && status.getRole() == RaftRole.LEADER) {
      List<FollowerStatus> silent =
          status.getFollowers().stream().filter(f -> isSilent(f, status, silentAfterMs)).toList();
      int heard = 1 + status.getFollowers().size() - silent.size();
      if (heard < status.getMembers().size() / 2 + 1) {
        return new GroupGlance(
            status,
            ClusterHealth.NO_LEADER,
            "%s leads, but hears only %d of %s"
                .formatted(
                    self, heard, Words.count(status.getMembers().size(), "member", "members")));
      }
      trouble = silent.isEmpty() ? null : silence(silent.get(0), self);
    }
    return trouble == null
        ? new GroupGlance(
            status,
            ClusterHealth.HEALTHY,
            "%s leads term %d".formatted(status.getLeaderId(), status.getTerm()))
        : new GroupGlance(status, ClusterHealth.DEGRADED, trouble);
  }

  /** A leader of a moment ago has not heard everybody yet. */
  private static boolean isSilent(FollowerStatus follower, RaftStatus status, long silentAfterMs) {
    long ageMs = follower.getLastContactAgeMs();
    return ageMs < 0 ? status.getRoleSinceMs() > silentAfterMs : ageMs > silentAfterMs;
  }

  private static String silence(FollowerStatus follower, String leader) {
    long ageMs = follower.getLastContactAgeMs();
    return ageMs < 0
        ? "%s has not answered leader %s".formatted(follower.getNodeId(), leader)
        : "%s has not answered leader %s for %s"
            .formatted(follower.getNodeId(), leader, Words.duration(ageMs));
  }

  private static String ownTrouble(RaftStatus status) {
    String self = status.getNodeId();
    if (status.getDamage() != null) {
      return self + " has lost entries: " + Words.plain(status.getDamage());
    }
    if (status.getStorageShortage() != null) {
      return "the disk of %s is short of room: %s"
          .formatted(self, Words.plain(status.getStorageShortage()));
    }
    if (status.getOldestWriteAgeMs() >= MemberFindings.STALL_MS_MIN) {
      return "the disk of %s has not finished a write for %s"
          .formatted(self, Words.duration(status.getOldestWriteAgeMs()));
    }
    if (status.isRecovering()) {
      return self + " is recovering";
    }
    return status.getSnapshots().getLastFailure() == null
        ? null
        : "the last snapshot of %s failed: %s"
            .formatted(self, Words.plain(status.getSnapshots().getLastFailure()));
  }

  boolean matches(String search) {
    String wanted = search.toLowerCase(Locale.ROOT);
    return contains(groupId(), wanted)
        || contains(status.getLeaderId(), wanted)
        || contains(headline, wanted);
  }

  private static boolean contains(String text, String wanted) {
    return text != null && text.toLowerCase(Locale.ROOT).contains(wanted);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("groupId", groupId())
        .put("clusterId", status.getClusterId())
        .put("nodeId", status.getNodeId())
        .put("href", "groups/" + groupId() + "/")
        .put("health", health.name())
        .put("headline", headline)
        .put("state", status.getState().name())
        .put("role", status.getRole().name())
        .put("leaderId", status.getLeaderId())
        .put("term", status.getTerm())
        .put("members", status.getMembers().size())
        .put("commitIndex", status.getCommitIndex())
        .put("appliedIndex", status.getAppliedIndex())
        .put("lastIndex", status.getLastIndex())
        .put("roleSinceMs", status.getRoleSinceMs());
  }
}
