package io.vertxraft.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Who did what, when, and what came of it: the newest entries in memory, and all in the log.
 * Confined to the console's context.
 */
final class AuditLog {
  static final int ENTRIES_MAX = 200;
  private static final int TEXT_CHARS_MAX = 500;
  private static final Logger LOG = System.getLogger(RaftConsole.class.getName() + ".audit");

  private final Deque<JsonObject> entries = new ArrayDeque<>();
  private long newest;

  /**
   * What is to be kept.
   *
   * @param who who asked
   * @param action its name
   * @param parameters what it was told
   * @param effect what it was to do
   * @param outcome DONE, REFUSED, FAILED or DENIED
   * @param text what came of it
   * @param durationMs how long it took
   */
  record Entry(
      String who,
      String action,
      JsonObject parameters,
      String effect,
      String outcome,
      String text,
      long durationMs) {}

  /** Keeps an entry; gives its number. */
  long add(String groupId, String nodeId, Entry entry) {
    newest++;
    JsonObject json =
        new JsonObject()
            .put("sequence", newest)
            .put("timeMs", System.currentTimeMillis())
            .put("who", cut(entry.who()))
            .put("action", entry.action())
            .put("parameters", cutParameters(entry.parameters()))
            .put("effect", cut(entry.effect()))
            .put("outcome", entry.outcome())
            .put("text", cut(entry.text()))
            .put("durationMs", entry.durationMs());
    entries.addLast(json);
    if (entries.size() > ENTRIES_MAX) {
      entries.removeFirst();
    }
    LOG.log(
        Level.INFO,
        () ->
            "group '%s' on node '%s': %s by '%s' %s %s: %s"
                .formatted(
                    groupId,
                    nodeId,
                    entry.action(),
                    json.getString("who"),
                    json.getJsonObject("parameters").encode(),
                    entry.outcome(),
                    json.getString("text")));
    return newest;
  }

  /** What a request brings is not kept without bounds. */
  private static JsonObject cutParameters(JsonObject parameters) {
    JsonObject copy = new JsonObject();
    parameters.forEach(
        entry ->
            copy.put(
                entry.getKey(),
                entry.getValue() instanceof String text ? cut(text) : entry.getValue()));
    return Secrets.redacted(copy);
  }

  private static String cut(String text) {
    String plain = Words.plain(text);
    return plain.length() > TEXT_CHARS_MAX ? plain.substring(0, TEXT_CHARS_MAX) + "…" : plain;
  }

  /** Number of the newest entry, 0 if there is none. */
  long newest() {
    return newest;
  }

  /** Entries with a number above {@code sequence}, oldest first. */
  JsonArray since(long sequence) {
    JsonArray found = new JsonArray();
    entries.stream().filter(e -> e.getLong("sequence") > sequence).forEach(found::add);
    return found;
  }
}
