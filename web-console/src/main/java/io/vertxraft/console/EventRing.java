package io.vertxraft.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertxraft.RaftEvent;
import io.vertxraft.RaftEventType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** The newest events of the node, numbered from 1. Bounded in number and size. Not thread-safe. */
final class EventRing {
  /** A longer cause is cut here, so that the ring is bounded in bytes too. */
  static final int CAUSE_CHARS_MAX = 1_000;

  private record Entry(long sequence, RaftEvent event) {
    JsonObject toJson() {
      return event.toJson().put("sequence", sequence);
    }
  }

  private final int eventsMax;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long newest;

  EventRing(int eventsMax) {
    this.eventsMax = eventsMax;
  }

  void add(RaftEvent event) {
    String cause = event.getCause();
    RaftEvent kept = event;
    if (cause != null && cause.length() > CAUSE_CHARS_MAX) {
      kept = new RaftEvent(event.toJson()).setCause(cause.substring(0, CAUSE_CHARS_MAX) + "…");
    }
    entries.addLast(new Entry(++newest, kept));
    if (entries.size() > eventsMax) {
      entries.removeFirst();
    }
  }

  /** Number of the newest event, 0 if there was none. */
  long newest() {
    return newest;
  }

  /** Events with a number above {@code sequence}, oldest first. */
  JsonArray since(long sequence) {
    JsonArray array = new JsonArray();
    entries.stream().filter(e -> e.sequence() > sequence).forEach(e -> array.add(e.toJson()));
    return array;
  }

  /** At most {@code max} events, newest first. */
  JsonArray newestFirst(int max) {
    List<JsonObject> all = new ArrayList<>();
    var iterator = entries.descendingIterator();
    while (iterator.hasNext() && all.size() < max) {
      all.add(iterator.next().toJson());
    }
    return new JsonArray(Collections.unmodifiableList(all));
  }

  /** At most {@code max} events of that time or earlier, newest first. */
  JsonArray upTo(long timeMs, int max) {
    JsonArray found = new JsonArray();
    var iterator = entries.descendingIterator();
    while (iterator.hasNext() && found.size() < max) {
      Entry entry = iterator.next();
      if (entry.event().getTimeMs() <= timeMs) {
        found.add(entry.toJson());
      }
    }
    return found;
  }

  /** The events of a span of time, both ends included, oldest first. */
  JsonArray between(long fromMs, long toMs) {
    JsonArray found = new JsonArray();
    for (Entry entry : entries) {
      long timeMs = entry.event().getTimeMs();
      if (timeMs >= fromMs && timeMs <= toMs) {
        found.add(entry.toJson());
      }
    }
    return found;
  }

  /** When the node last lost its leader, wall-clock; 0 if it has one or this is not known. */
  long leaderLostTimeMs() {
    var iterator = entries.descendingIterator();
    while (iterator.hasNext()) {
      RaftEvent event = iterator.next().event();
      if (event.getType() == RaftEventType.LEADER_CHANGED) {
        return event.getLeaderId() == null ? event.getTimeMs() : 0;
      }
    }
    return 0;
  }
}
