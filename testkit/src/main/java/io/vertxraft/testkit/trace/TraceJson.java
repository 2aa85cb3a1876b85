package io.vertxraft.testkit.trace;

import io.vertx.core.json.JsonObject;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import io.vertxraft.testkit.ChainHash;
import io.vertxraft.testkit.trace.TraceEvent.LogChange;
import io.vertxraft.testkit.trace.TraceEvent.Sent;
import io.vertxraft.testkit.trace.TraceEvent.Start;
import io.vertxraft.testkit.trace.TraceEvent.Stepped;
import io.vertxraft.testkit.trace.TraceEvent.Stop;
import io.vertxraft.testkit.trace.TraceEvent.Turn;
import io.vertxraft.testkit.trace.TraceEvent.Write;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The protocol trace as JSON, one object per event: as text, or as the maps and lists that a parser
 * would make of the text.
 */
public final class TraceJson {
  private static final HexFormat HEX = HexFormat.of();

  private TraceJson() {}

  /** Makes a sink for events of a sink for lines, each a JSON object without line end. */
  public static Consumer<TraceEvent> lines(Consumer<String> sink) {
    return event -> sink.accept(line(event));
  }

  /** Makes a sink for events of a sink for {@linkplain #map maps}. */
  public static Consumer<TraceEvent> maps(Consumer<Map<String, Object>> sink) {
    return event -> sink.accept(map(event));
  }

  /** An event as text on one line, without line end. */
  public static String line(TraceEvent event) {
    return new JsonObject(map(event)).encode();
  }

  /**
   * An event as a new map in the order of the text. Values are maps, lists, texts, booleans, null,
   * and {@link Long} for every number.
   */
  public static Map<String, Object> map(TraceEvent event) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("t", event.time());
    json.put("node", event.node());
    if (event instanceof Start start) {
      json.put("event", "start");
      json.put("life", (long) start.life());
      json.put("voters", new ArrayList<>(start.voters()));
      json.put("state", state(start.state()));
      json.put("log", entries(start.log()));
    } else if (event instanceof Stepped stepped) {
      json.put("event", stepped.step().name().toLowerCase(Locale.ROOT));
      if (stepped.message() != null) {
        json.put("from", stepped.from());
        json.put("message", message(stepped.message()));
      }
      json.put("state", state(stepped.state()));
      if (stepped.change() != null) {
        json.put("log", change(stepped.change()));
      }
    } else if (event instanceof Turn turn) {
      json.put("event", "turn");
      json.put("sent", sent(turn.sent()));
      if (turn.write() != null) {
        json.put("write", write(turn.write()));
      }
    } else if (event instanceof Stop stop) {
      json.put("event", "stop");
      json.put("how", stop.how());
    }
    return json;
  }

  /** What stands for an entry's type and payload: 16 hexadecimal digits. */
  public static String hash(LogEntry entry) {
    return HEX.toHexDigits(ChainHash.link(entry.type().code(), ChainHash.payload(entry)));
  }

  private static Map<String, Object> state(NodeState state) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("term", state.term());
    json.put("votedFor", state.votedFor());
    json.put("role", state.role().name());
    json.put("leader", state.leader());
    json.put("commitIndex", state.commitIndex());
    json.put("lastIndex", state.lastIndex());
    json.put("lastTerm", state.lastTerm());
    json.put("durableIndex", state.durableIndex());
    json.put("appliedIndex", state.appliedIndex());
    return json;
  }

  private static Map<String, Object> change(LogChange change) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("truncateFrom", change.truncateFrom());
    json.put("append", entries(change.append()));
    return json;
  }

  private static List<Object> entries(List<LogEntry> entries) {
    List<Object> json = new ArrayList<>(entries.size());
    for (LogEntry entry : entries) {
      List<Object> triple = new ArrayList<>(3);
      triple.add(entry.index());
      triple.add(entry.term());
      triple.add(hash(entry));
      json.add(triple);
    }
    return json;
  }

  private static List<Object> sent(List<Sent> sent) {
    List<Object> list = new ArrayList<>(sent.size());
    for (Sent one : sent) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("to", one.to());
      json.put("message", message(one.message()));
      json.put("when", one.whenDurable() ? "durable" : "now");
      list.add(json);
    }
    return list;
  }

  private static Map<String, Object> write(Write write) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seq", write.seq());
    json.put("hardState", write.hardState() == null ? null : hardState(write.hardState()));
    json.put("truncateFrom", write.truncateFrom());
    json.put("entries", entries(write.entries()));
    return json;
  }

  private static Map<String, Object> hardState(HardState hardState) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("term", hardState.term());
    json.put("votedFor", hardState.votedFor());
    return json;
  }

  private static Map<String, Object> message(RaftMessage message) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", message.getClass().getSimpleName());
    json.put("term", message.term());
    if (message instanceof AppendEntries m) {
      json.put("prevLogIndex", m.prevLogIndex());
      json.put("prevLogTerm", m.prevLogTerm());
      json.put("leaderCommit", m.leaderCommit());
      json.put("entries", entries(m.entries()));
    } else if (message instanceof AppendEntriesReply m) {
      json.put("accepted", m.accepted());
      json.put("matchIndex", m.matchIndex());
      json.put("conflictTerm", m.conflictTerm());
      json.put("conflictIndex", m.conflictIndex());
    } else if (message instanceof Heartbeat m) {
      json.put("commitIndex", m.commitIndex());
      json.put("commitTerm", m.commitTerm());
      json.put("sentAtNanos", m.sentAtNanos());
      json.put("healIndex", m.healIndex());
    } else if (message instanceof HeartbeatReply m) {
      json.put("sentAtNanos", m.sentAtNanos());
      json.put("damagedTerm", m.damagedTerm());
    } else if (message instanceof PreVoteRequest m) {
      json.put("lastLogIndex", m.lastLogIndex());
      json.put("lastLogTerm", m.lastLogTerm());
    } else if (message instanceof PreVoteReply m) {
      json.put("campaignTerm", m.campaignTerm());
      json.put("granted", m.granted());
    } else if (message instanceof VoteRequest m) {
      json.put("lastLogIndex", m.lastLogIndex());
      json.put("lastLogTerm", m.lastLogTerm());
      json.put("transfer", m.transfer());
    } else if (message instanceof VoteReply m) {
      json.put("granted", m.granted());
    }
    return json;
  }
}
