package io.vertxraft.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a group could still do without some of its members: arithmetic, nothing is changed. */
public final class WhatIf {
  private final ClusterView view;
  private final Set<String> down;
  private final Set<String> up;
  private final Set<String> inStep;

  private WhatIf(ClusterView view, Collection<String> down) {
    this.view = view;
    this.down = new LinkedHashSet<>(down);
    this.up = new LinkedHashSet<>(memberIds(view));
    this.up.removeAll(this.down);
    this.inStep = new LinkedHashSet<>(view.countedOn());
    this.inStep.retainAll(up);
  }

  /**
   * Thinks of members as gone.
   *
   * @param down their node ids
   * @throws IllegalArgumentException naming the id that is no member
   */
  public static WhatIf without(ClusterView view, Collection<String> down) {
    List<String> members = memberIds(view);
    for (String id : down) {
      if (!members.contains(id)) {
        throw new IllegalArgumentException(
            "down names '%s', which is no member; members are %s"
                .formatted(Words.plain(id), Words.list(members)));
      }
    }
    return new WhatIf(view, down);
  }

  private static List<String> memberIds(ClusterView view) {
    return view.members().stream().map(MemberReport::nodeId).toList();
  }

  /** Whether those that are left are a majority of every set of voters. */
  public boolean hasMajority() {
    return spare(up) >= 0;
  }

  /** How many more may fail, if all that are left are well; negative if they are no majority. */
  public int faultTolerance() {
    return spare(up);
  }

  /** The same, counting only those that are in step now. */
  public int faultToleranceNow() {
    return spare(inStep);
  }

  private int spare(Set<String> able) {
    return view.configurations().stream().mapToInt(c -> c.spare(able)).min().orElse(-1);
  }

  private boolean leaderLost(String leaderId) {
    return leaderId != null && down.contains(leaderId);
  }

  /** In one sentence. */
  public String text() {
    String leaderId = view.claimant().map(MemberReport::nodeId).orElse(null);
    List<String> parts = new ArrayList<>();
    for (VoterSet voters : view.configurations()) {
      int left = voters.among(up).size();
      String of = view.configurations().size() > 1 ? " of the " + voters.name() + " voters" : "";
      parts.add(
          "%d of %s%s %s left and %s needed"
              .formatted(
                  left,
                  Words.count(voters.voters().size(), "voter", "voters"),
                  of,
                  left == 1 ? "is" : "are",
                  voters.majority() == 1 ? "1 is" : voters.majority() + " are"));
    }
    String start =
        down.isEmpty()
            ? "With everybody up, "
            : "Without %s, ".formatted(Words.list(List.copyOf(down)));
    return start + String.join(", ", parts) + ": " + consequence(leaderId);
  }

  private String consequence(String leaderId) {
    int spare = faultTolerance();
    if (spare < 0) {
      return "nothing is committed until %s back"
          .formatted(-spare == 1 ? "1 more is" : -spare + " more are");
    }
    String survives =
        spare == 0
            ? "survives no further failure"
            : "survives " + Words.count(spare, "further failure", "further failures");
    String serves =
        leaderLost(leaderId)
            ? "the others elect a leader, after which the group serves and " + survives
            : "the group serves, and " + survives;
    if (faultToleranceNow() >= 0) {
      return serves;
    }
    List<String> late = up.stream().filter(id -> !inStep.contains(id)).toList();
    return "%s; but %s %s not in step now, so that commits wait"
        .formatted(serves, Words.list(late), late.size() == 1 ? "is" : "are");
  }

  /** The JSON form. */
  public JsonObject toJson() {
    String leaderId = view.claimant().map(MemberReport::nodeId).orElse(null);
    JsonArray sets = new JsonArray();
    for (VoterSet voters : view.configurations()) {
      sets.add(
          new JsonObject()
              .put("name", voters.name())
              .put("voters", new JsonArray(voters.voters()))
              .put("up", new JsonArray(voters.among(up)))
              .put("majority", voters.majority())
              .put("hasMajority", voters.spare(up) >= 0)
              .put("faultTolerance", voters.spare(up)));
    }
    List<String> late = up.stream().filter(id -> !inStep.contains(id)).toList();
    return new JsonObject()
        .put("seenFrom", view.seenFrom())
        .put("down", new JsonArray(List.copyOf(down)))
        .put("configurations", sets)
        .put("hasMajority", hasMajority())
        .put("faultTolerance", faultTolerance())
        .put("leaderId", leaderId)
        .put("leaderLost", leaderLost(leaderId))
        .put(
            "now",
            new JsonObject()
                .put("inStep", new JsonArray(List.copyOf(inStep)))
                .put("notInStep", new JsonArray(late))
                .put("hasMajority", faultToleranceNow() >= 0)
                .put("faultTolerance", faultToleranceNow()))
        .put("text", text());
  }
}
