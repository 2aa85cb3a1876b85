package io.vertxraft.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A console's picture of a group, in lines for people. */
final class Picture {
  private final JsonObject state;

  /** Reads what {@code state} answers, or an event of the stream. */
  Picture(JsonObject state) {
    this.state = state;
  }

  JsonObject json() {
    return state;
  }

  String health() {
    JsonObject banner = state.getJsonObject("banner", new JsonObject());
    return banner.getString("health", state.getString("health"));
  }

  String headline() {
    return Plain.text(state.getJsonObject("banner", new JsonObject()).getString("headline"));
  }

  String seenFrom() {
    return Plain.text(state.getString("seenFrom"));
  }

  long timeMs() {
    return state.getLong("timeMs", 0L);
  }

  /** The events that came with it, oldest first. */
  List<JsonObject> events() {
    List<JsonObject> events = new ArrayList<>(objects(state.getJsonArray("events")));
    java.util.Collections.reverse(events);
    return events;
  }

  /** Headline, members, what is worth a sentence. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(headline());
    lines.add(whose());
    lines.add("");
    lines.addAll(members().lines());
    List<String> findings = new ArrayList<>();
    for (JsonObject sentence : objects(state.getJsonArray("sentences"))) {
      if (!"INFO".equals(sentence.getString("severity"))) {
        findings.add(sentence(sentence));
      }
    }
    for (JsonObject sentence : objects(state.getJsonArray("disagreements"))) {
      findings.add(sentence(sentence));
    }
    if (!findings.isEmpty()) {
      lines.add("");
      lines.addAll(findings);
    }
    return lines;
  }

  private String whose() {
    for (JsonObject member : objects(state.getJsonArray("members"))) {
      JsonObject report = member.getJsonObject("status");
      if (report != null && report.getString("groupId") != null) {
        return "group %s of cluster %s, seen from %s"
            .formatted(
                Plain.text(report.getString("groupId")),
                Plain.orDash(report.getString("clusterId")),
                seenFrom());
      }
    }
    return "seen from " + seenFrom();
  }

  /** {@code WARNING n3 is catching up}. */
  static String sentence(JsonObject sentence) {
    return "%-8s  %s"
        .formatted(
            Plain.text(sentence.getString("severity")), Plain.text(sentence.getString("text")));
  }

  /** {@code 12:30:01 LEADER_CHANGED n1 term 7 leader n2: cause}. */
  static String event(JsonObject event) {
    return "%s  %-20s  %s  term %d%s%s%s"
        .formatted(
            Moments.clock(event.getLong("timeMs", 0L)),
            Plain.text(event.getString("type")),
            Plain.text(event.getString("nodeId")),
            event.getLong("term", 0L),
            optional("  leader ", event.getString("leaderId")),
            optional("  peer ", event.getString("peerId")),
            optional("  ", event.getString("cause")));
  }

  private static String optional(String before, String value) {
    return value == null ? "" : before + Plain.text(value);
  }

  private Table members() {
    Map<String, JsonObject> followers = new HashMap<>();
    objects(state.getJsonArray("followers"))
        .forEach(follower -> followers.put(follower.getString("nodeId"), follower));
    Table table =
        new Table(
            "NODE",
            "ROLE",
            ">TERM",
            "LEADER",
            ">COMMIT",
            ">APPLIED",
            ">LAST",
            "STATE",
            ">LAG",
            ">CONTACT",
            ">SNAPSHOT",
            ">REPORT");
    for (JsonObject member : objects(state.getJsonArray("members"))) {
      String id = member.getString("nodeId");
      JsonObject report = member.getJsonObject("status");
      JsonObject follower = followers.getOrDefault(id, new JsonObject());
      if (report == null) {
        table.row(
            id,
            "unknown",
            null,
            null,
            null,
            null,
            null,
            "silent",
            lag(follower),
            Plain.duration(follower.getNumber("lastContactAgeMs")),
            null,
            "never");
        continue;
      }
      boolean leads = "LEADER".equals(report.getString("role"));
      table.row(
          id,
          Plain.name(report.getString("role")),
          report.getLong("term"),
          report.getString("leaderId"),
          report.getLong("commitIndex"),
          report.getLong("appliedIndex"),
          report.getLong("lastIndex"),
          condition(member, report, follower),
          leads ? null : lag(follower),
          leads ? null : Plain.duration(follower.getNumber("lastContactAgeMs")),
          report.getJsonObject("snapshots", new JsonObject()).getLong("lastIndex"),
          Plain.duration(member.getNumber("ageMs")));
    }
    return table;
  }

  private static String condition(JsonObject member, JsonObject report, JsonObject follower) {
    String life = report.getString("state");
    if (life != null && !life.equals("RUNNING")) {
      return Plain.name(life);
    }
    if (!member.getBoolean("fresh", true)) {
      return "silent";
    }
    if (report.getString("damage") != null) {
      return "damaged";
    }
    if (report.getString("storageShortage") != null) {
      return "disk short of room";
    }
    if (report.getBoolean("recovering", false)) {
      return "recovering";
    }
    if ("LEADER".equals(report.getString("role"))) {
      return report.getBoolean("leaderReady", true) ? "serves" : "not ready";
    }
    // Without a leader nobody knows how far behind it is.
    String state = follower.getString("state");
    return state == null ? "-" : Plain.name(state).replace('-', ' ');
  }

  private static Object lag(JsonObject follower) {
    Long lag = follower.getLong("lagEntries");
    return lag == null || lag < 0 ? null : lag;
  }

  /** The objects of an array that may not be there. */
  static List<JsonObject> objects(JsonArray array) {
    List<JsonObject> objects = new ArrayList<>();
    if (array != null) {
      for (Object element : array) {
        if (element instanceof JsonObject object) {
          objects.add(object);
        }
      }
    }
    return objects;
  }
}
