package io.vertxraft.testkit.run;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Something done to the world at an instant. Faults are independent of each other: any subset of a
 * schedule is a schedule, so that a failing one can be made smaller. What makes no sense when its
 * time comes, such as the crash of a node that is down, does nothing.
 *
 * @param atMs virtual time, in milliseconds since the start
 * @param kind what is done
 * @param nodes to whom, see {@link FaultKind}; {@link #LEADER} for the leader
 * @param value how much, see {@link FaultKind}
 */
public record Fault(long atMs, FaultKind kind, List<String> nodes, long value) {
  /**
   * In place of a member's id: whoever leads when the time comes, or any member if nobody does. A
   * {@link FaultKind#RESTART} of it is about all members struck in this way.
   */
  public static final String LEADER = "leader";

  /** Copies the list. */
  public Fault {
    nodes = List.copyOf(nodes);
  }

  /** The node it is about. */
  String node() {
    return nodes.get(0);
  }

  /** As JSON; see {@link #fromJson}. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("atMs", atMs)
        .put("kind", kind.name())
        .put("nodes", new JsonArray(nodes))
        .put("value", value);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if the kind is unknown or a field is missing
   */
  public static Fault fromJson(JsonObject json) {
    if (json.getLong("atMs") == null || json.getString("kind") == null) {
      throw new IllegalArgumentException("a fault needs 'atMs' and 'kind', but is " + json);
    }
    return new Fault(
        json.getLong("atMs"),
        FaultKind.valueOf(json.getString("kind")),
        json.getJsonArray("nodes", new JsonArray()).stream().map(Object::toString).toList(),
        json.getLong("value", 0L));
  }

  @Override
  public String toString() {
    return "%6d.%03d s %s %s%s"
        .formatted(
            atMs / 1_000,
            atMs % 1_000,
            kind,
            String.join(" ", nodes),
            value == 0 ? "" : " (" + value + ")");
  }
}
