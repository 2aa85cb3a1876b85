package io.vertxraft.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists entries of a running member's log. */
@Command(
    name = "log",
    description = {
      "Lists entries in the log of the member that serves the console, the last ones unless --from",
      "is given. What commands say is shown if the application has given the console a decoder.",
      "'storage dump' lists those in the directory of a member that does not run."
    },
    mixinStandardHelpOptions = true)
final class EntriesCommand extends LiveCommand {
  private static final int PAGE_MAX = 200;

  @Option(names = "--from", paramLabel = "INDEX", description = "First index.")
  private Long from;

  @Option(
      names = {"--limit", "-n"},
      paramLabel = "N",
      defaultValue = "50",
      description = "Most entries (default: ${DEFAULT-VALUE}).")
  private int limit;

  EntriesCommand() {}

  @Override
  int ask(ConsoleClient console, PrintWriter out) {
    if (limit < 1) {
      throw wrongUsage("--limit is %d: use at least 1".formatted(limit));
    }
    JsonArray entries = new JsonArray();
    if (from == null && limit > PAGE_MAX) {
      JsonObject end = page(console, null);
      from = Math.max(end.getLong("firstIndex"), end.getLong("lastIndex") - limit + 1);
    }
    JsonObject page = page(console, from);
    JsonObject first = page;
    add(page, entries);
    while (from != null && entries.size() < limit && page.getLong("next") != null) {
      page = page(console, page.getLong("next"));
      add(page, entries);
    }
    if (json()) {
      print(first.copy().put("next", page.getLong("next")).put("entries", entries), out);
    } else {
      print(page, entries, out);
    }
    return RaftCtl.GOOD;
  }

  private void add(JsonObject page, JsonArray entries) {
    Picture.objects(page.getJsonArray("entries")).stream()
        .limit(limit - (long) entries.size())
        .forEach(entries::add);
  }

  private JsonObject page(ConsoleClient console, Long start) {
    Map<String, String> query = new LinkedHashMap<>();
    if (start != null) {
      query.put("from", Long.toString(start));
    }
    query.put("limit", Integer.toString(Math.min(limit, PAGE_MAX)));
    return console.get("log", query);
  }

  private static void print(JsonObject page, JsonArray entries, PrintWriter out) {
    boolean shown = "shown".equals(page.getString("payloads"));
    Table table =
        new Table(">INDEX", ">TERM", "TYPE", "STATE", ">BYTES", shown ? "COMMANDS" : ">COMMANDS");
    for (JsonObject entry : Picture.objects(entries)) {
      List<JsonObject> commands = Picture.objects(entry.getJsonArray("commands"));
      table.row(
          entry.getLong("index"),
          entry.getLong("term"),
          Plain.name(entry.getString("type")),
          Plain.name(entry.getString("state")),
          entry.getLong("bytes"),
          shown ? payloads(commands) : commands.size());
    }
    table.lines().forEach(out::println);
    out.printf(
        Locale.ROOT,
        "log of %s: entries %d to %d; durable %d, committed %d, applied %d%s%n",
        Plain.text(page.getString("source")),
        page.getLong("firstIndex"),
        page.getLong("lastIndex"),
        page.getLong("durableIndex"),
        page.getLong("commitIndex"),
        page.getLong("appliedIndex"),
        shown ? "" : "; payloads are hidden");
  }

  private static String payloads(List<JsonObject> commands) {
    List<String> payloads = new ArrayList<>();
    for (JsonObject command : commands) {
      String error = command.getString("payloadError");
      Object payload = command.getValue("payload");
      payloads.add(
          error != null
              ? "(not decoded: " + error + ")"
              : payload instanceof JsonObject object ? object.encode() : String.valueOf(payload));
    }
    return String.join(" ", payloads);
  }
}
