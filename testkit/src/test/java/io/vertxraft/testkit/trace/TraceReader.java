package io.vertxraft.testkit.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a protocol trace line by line and fails where it does not hang together. It knows nothing
 * of Raft: only that events continue each other, and that what arrives was sent.
 */
final class TraceReader {
  private final Map<String, Node> nodes = new TreeMap<>();
  private final Set<String> sent = new HashSet<>();
  private final Map<String, Integer> events = new TreeMap<>();
  private long lastTime;
  private int truncations;
  private int replacements;

  /** What the trace has told of a node. */
  private static final class Node {
    /** The log in memory, by the changes of the events. */
    final List<String> log = new ArrayList<>();

    /** The log as written, by the writes of the turns. */
    final List<String> written = new ArrayList<>();

    long lives;
    boolean up;
    long writeSeq;
    boolean changedSinceTurn;
  }

  void read(String line) {
    JsonObject event = new JsonObject(line);
    assertThat(event.getLong("t")).as(line).isGreaterThanOrEqualTo(lastTime);
    lastTime = event.getLong("t");
    String kind = event.getString("event");
    events.merge(kind, 1, Integer::sum);
    Node node = nodes.computeIfAbsent(event.getString("node"), id -> new Node());
    assertThat(node.up).as(line).isEqualTo(!kind.equals("start"));
    switch (kind) {
      case "start" -> start(node, event, line);
      case "turn" -> turn(node, event, line);
      case "stop" -> {
        assertThat(event.getString("how")).isNotEmpty();
        node.up = false;
      }
      default -> step(node, event, line);
    }
  }

  private void start(Node node, JsonObject event, String line) {
    assertThat(event.getLong("life")).as(line).isGreaterThan(node.lives);
    assertThat(event.getJsonArray("voters")).as(line).contains(event.getString("node"));
    node.lives = event.getLong("life");
    node.up = true;
    node.writeSeq = 0;
    node.log.clear();
    append(node.log, event.getJsonArray("log"), line);
    node.written.clear();
    node.written.addAll(node.log);
    state(node, event.getJsonObject("state"), line);
  }

  private void step(Node node, JsonObject event, String line) {
    JsonObject change = event.getJsonObject("log");
    if (change != null) {
      node.changedSinceTurn = true;
      long from = change.getLong("truncateFrom");
      int added = change.getJsonArray("append").size();
      assertThat(from > 0 || added > 0).as("a change that is none: %s", line).isTrue();
      truncations += from > 0 ? 1 : 0;
      replacements += from > 0 && added > 0 ? 1 : 0;
      change(node.log, from, change.getJsonArray("append"), line);
    }
    if (event.getString("event").equals("receive")) {
      String message = event.getJsonObject("message").encode();
      assertThat(sent)
          .as("received, but never sent: %s", line)
          .contains(route(event.getString("from"), event.getString("node"), message));
    } else {
      assertThat(event.containsKey("message")).as(line).isFalse();
    }
    state(node, event.getJsonObject("state"), line);
  }

  private static void state(Node node, JsonObject state, String line) {
    assertThat(state.fieldNames())
        .as(line)
        .containsExactly(
            "term",
            "votedFor",
            "role",
            "leader",
            "commitIndex",
            "lastIndex",
            "lastTerm",
            "durableIndex",
            "appliedIndex");
    int last = node.log.size();
    assertThat(state.getLong("lastIndex")).as(line).isEqualTo(last);
    String lastTerm = last == 0 ? "0" : node.log.get(last - 1).split(" ", -1)[1];
    assertThat(state.getLong("lastTerm")).as(line).hasToString(lastTerm);
    assertThat(state.getLong("durableIndex")).as(line).isLessThanOrEqualTo(last);
  }

  private void turn(Node node, JsonObject event, String line) {
    for (Object one : event.getJsonArray("sent")) {
      JsonObject message = (JsonObject) one;
      assertThat(message.getString("when")).as(line).isIn("now", "durable");
      sent.add(
          route(
              event.getString("node"),
              message.getString("to"),
              message.getJsonObject("message").encode()));
    }
    JsonObject write = event.getJsonObject("write");
    if (write != null) {
      assertThat(write.getLong("seq")).as(line).isGreaterThanOrEqualTo(node.writeSeq);
      node.writeSeq = write.getLong("seq");
      change(node.written, write.getLong("truncateFrom"), write.getJsonArray("entries"), line);
    }
    // The writes repeat what the events did to the log: so the changes told are exact.
    assertThat(node.written).as(line).isEqualTo(node.log);
    node.changedSinceTurn = false;
  }

  private static String route(String from, String to, String message) {
    return from + ">" + to + " " + message;
  }

  private static void change(List<String> log, long truncateFrom, JsonArray entries, String line) {
    if (truncateFrom > 0) {
      assertThat(truncateFrom).as(line).isLessThanOrEqualTo(log.size());
      log.subList((int) truncateFrom - 1, log.size()).clear();
    }
    append(log, entries, line);
  }

  private static void append(List<String> log, JsonArray entries, String line) {
    for (int i = 0; i < entries.size(); i++) {
      JsonArray entry = entries.getJsonArray(i);
      assertThat(entry.getLong(0)).as(line).isEqualTo(log.size() + 1);
      assertThat(entry.getString(2)).as(line).matches("[0-9a-f]{16}");
      log.add(entry.getLong(0) + " " + entry.getLong(1) + " " + entry.getString(2));
    }
  }

  /** The log of a node as written by its last turn: index, term and hash of each entry. */
  List<String> written(String nodeId) {
    Node node = nodes.get(nodeId);
    assertThat(node.changedSinceTurn).isFalse();
    return node.written;
  }

  int count(String event) {
    return events.getOrDefault(event, 0);
  }

  /** Events that removed entries. */
  int truncations() {
    return truncations;
  }

  /** Events that removed entries and appended others at once. */
  int replacements() {
    return replacements;
  }
}
