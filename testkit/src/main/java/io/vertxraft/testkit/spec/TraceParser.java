package io.vertxraft.testkit.spec;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.testkit.spec.TraceEvent.Sent;
import io.vertxraft.testkit.spec.TraceEvent.StepKind;
import io.vertxraft.testkit.spec.TraceState.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns the objects of a trace into events. Fields it does not know are ignored. */
final class TraceParser {
  private TraceParser() {}

  /** The event of an object; throws {@link IllegalArgumentException} naming the bad field. */
  static TraceEvent parse(JsonObject json) {
    long time = json.containsKey("t") ? number(json, "t") : 0;
    String node = text(json, "node");
    String event = text(json, "event");
    return switch (event) {
      case "start" ->
          new TraceEvent.Start(
              time,
              node,
              number(json, "life"),
              texts(json, "voters"),
              state(object(json, "state")),
              entries(json, "log"));
      case "receive" ->
          new TraceEvent.Receive(
              time,
              node,
              text(json, "from"),
              message(object(json, "message")),
              state(object(json, "state")),
              change(json));
      case "turn" -> new TraceEvent.Turn(time, node, sent(json), write(json));
      case "stop" ->
          new TraceEvent.Stop(time, node, json.containsKey("how") ? text(json, "how") : "");
      default ->
          new TraceEvent.Step(
              time,
              node,
              stepKind(event),
              json.containsKey("seq") ? number(json, "seq") : 0,
              state(object(json, "state")),
              change(json));
    };
  }

  private static StepKind stepKind(String event) {
    for (StepKind kind : StepKind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(event)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("event \"" + event + "\" is unknown");
  }

  private static TraceState state(JsonObject json) {
    return new TraceState(
        number(json, "term"),
        textOrNull(json, "votedFor"),
        role(json),
        textOrNull(json, "leader"),
        number(json, "commitIndex"),
        number(json, "lastIndex"),
        number(json, "lastTerm"),
        number(json, "durableIndex"),
        number(json, "appliedIndex"));
  }

  private static LogChange change(JsonObject json) {
    if (json.getValue("log") == null) {
      return LogChange.NONE;
    }
    JsonObject log = object(json, "log");
    long from = log.containsKey("truncateFrom") ? number(log, "truncateFrom") : 0;
    return new LogChange(from, entries(log, "append"));
  }

  private static TraceWrite write(JsonObject json) {
    if (json.getValue("write") == null) {
      return null;
    }
    JsonObject write = object(json, "write");
    TraceWrite.HardState hardState = null;
    if (write.getValue("hardState") != null) {
      JsonObject hard = object(write, "hardState");
      hardState = new TraceWrite.HardState(number(hard, "term"), textOrNull(hard, "votedFor"));
    }
    long from = write.containsKey("truncateFrom") ? number(write, "truncateFrom") : 0;
    return new TraceWrite(number(write, "seq"), hardState, from, entries(write, "entries"));
  }

  private static List<Sent> sent(JsonObject json) {
    List<Sent> sent = new ArrayList<>();
    for (Object element : array(json, "sent")) {
      JsonObject message = asObject("sent", element);
      String when = text(message, "when");
      require(when.equals("now") || when.equals("durable"), "\"when\" is neither now nor durable");
      sent.add(
          new Sent(
              text(message, "to"), message(object(message, "message")), when.equals("durable")));
    }
    return sent;
  }

  private static TraceMessage message(JsonObject json) {
    String type = text(json, "type");
    long term = number(json, "term");
    return switch (type) {
      case "PreVoteRequest" ->
          new TraceMessage.PreVoteRequest(
              term, number(json, "lastLogIndex"), number(json, "lastLogTerm"));
      case "PreVoteReply" ->
          new TraceMessage.PreVoteReply(term, number(json, "campaignTerm"), flag(json, "granted"));
      case "VoteRequest" ->
          new TraceMessage.VoteRequest(
              term,
              number(json, "lastLogIndex"),
              number(json, "lastLogTerm"),
              json.containsKey("transfer") && flag(json, "transfer"));
      case "TimeoutNow" -> new TraceMessage.TimeoutNow(term);
      case "VoteReply" -> new TraceMessage.VoteReply(term, flag(json, "granted"));
      case "AppendEntries" ->
          new TraceMessage.AppendEntries(
              term,
              number(json, "prevLogIndex"),
              number(json, "prevLogTerm"),
              number(json, "leaderCommit"),
              entries(json, "entries"));
      case "AppendEntriesReply" ->
          new TraceMessage.AppendEntriesReply(
              term,
              flag(json, "accepted"),
              number(json, "matchIndex"),
              json.containsKey("conflictTerm") ? number(json, "conflictTerm") : 0,
              json.containsKey("conflictIndex") ? number(json, "conflictIndex") : 0);
      case "Heartbeat" ->
          new TraceMessage.Heartbeat(
              term,
              number(json, "commitIndex"),
              number(json, "commitTerm"),
              number(json, "sentAtNanos"));
      case "HeartbeatReply" -> new TraceMessage.HeartbeatReply(term, number(json, "sentAtNanos"));
      default -> throw new IllegalArgumentException("message type \"" + type + "\" is unknown");
    };
  }

  private static List<TraceEntry> entries(JsonObject json, String field) {
    List<TraceEntry> entries = new ArrayList<>();
    for (Object element : array(json, field)) {
      require(
          element instanceof JsonArray array
              && array.size() == 3
              && array.getValue(0) instanceof Number
              && array.getValue(1) instanceof Number
              && array.getValue(2) instanceof String,
          "\"%s\" holds %s where [index, term, \"hash\"] is expected",
          field,
          element);
      JsonArray array = (JsonArray) element;
      entries.add(new TraceEntry(array.getLong(0), array.getLong(1), array.getString(2)));
    }
    return entries;
  }

  private static List<String> texts(JsonObject json, String field) {
    List<String> texts = new ArrayList<>();
    for (Object element : array(json, field)) {
      require(element instanceof String, "\"%s\" holds %s, not a text", field, element);
      texts.add((String) element);
    }
    return texts;
  }

  /** The elements of an array field; none if the field is absent. */
  private static Iterable<Object> array(JsonObject json, String field) {
    Object value = json.getValue(field);
    require(value == null || value instanceof JsonArray, "\"%s\" is not an array", field);
    return value == null ? List.of() : (JsonArray) value;
  }

  private static JsonObject object(JsonObject json, String field) {
    return asObject(field, json.getValue(field));
  }

  @SuppressWarnings("unchecked")
  private static JsonObject asObject(String field, Object value) {
    if (value instanceof Map<?, ?> map) {
      return new JsonObject((Map<String, Object>) map);
    }
    require(value instanceof JsonObject, "\"%s\" is missing or not an object", field);
    return (JsonObject) value;
  }

  private static long number(JsonObject json, String field) {
    Object value = json.getValue(field);
    require(
        value instanceof Long || value instanceof Integer,
        "\"%s\" is missing or not a whole number",
        field);
    return ((Number) value).longValue();
  }

  private static boolean flag(JsonObject json, String field) {
    Object value = json.getValue(field);
    require(value instanceof Boolean, "\"%s\" is missing or neither true nor false", field);
    return (Boolean) value;
  }

  private static String text(JsonObject json, String field) {
    String value = textOrNull(json, field);
    require(value != null, "\"%s\" is missing", field);
    return value;
  }

  private static String textOrNull(JsonObject json, String field) {
    Object value = json.getValue(field);
    require(value == null || value instanceof String, "\"%s\" is not a text", field);
    return (String) value;
  }

  private static Role role(JsonObject json) {
    String name = text(json, "role");
    for (Role role : Role.values()) {
      if (role.name().equals(name)) {
        return role;
      }
    }
    throw new IllegalArgumentException(
        "\"role\" is \"" + name + "\", not one of " + Arrays.toString(Role.values()));
  }

  private static void require(boolean condition, String complaint, Object... arguments) {
    if (!condition) {
      throw new IllegalArgumentException(complaint.formatted(arguments));
    }
  }
}
