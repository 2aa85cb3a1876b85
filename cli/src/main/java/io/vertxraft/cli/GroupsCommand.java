package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists groups. */
@Command(
    name = "groups",
    description = {
      "Lists the groups of a console of several, those in trouble first.",
      "The exit code is that of the worst group: 0 healthy, 1 degraded, 3 no leader."
    },
    mixinStandardHelpOptions = true)
final class GroupsCommand extends LiveCommand {
  @Option(
      names = "--search",
      paramLabel = "TEXT",
      description = "Only those with this in their id, leader or headline.")
  private String search;

  @Option(
      names = "--sort",
      paramLabel = "ORDER",
      defaultValue = "trouble",
      description = "trouble or name (default: ${DEFAULT-VALUE}).")
  private String sort;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "Most groups, 1 to 200 (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--offset",
      paramLabel = "N",
      defaultValue = "0",
      description = "Groups to leave out before (default: ${DEFAULT-VALUE}).")
  private int offset;

  GroupsCommand() {}

  @Override
  ConsoleClient open(ConsoleAccess to) {
    return to.openRoot(QUESTION_SECONDS);
  }

  @Override
  int ask(ConsoleClient console, PrintWriter out) {
    Map<String, String> query = new LinkedHashMap<>();
    if (search != null) {
      query.put("search", search);
    }
    query.put("sort", sort);
    query.put("offset", Integer.toString(offset));
    query.put("limit", Integer.toString(limit));
    JsonObject list = console.get("groups", query);
    if (json()) {
      print(list, out);
    } else {
      print(list).lines().forEach(out::println);
      long shown = list.getJsonArray("groups").size();
      long matching = list.getLong("matching", shown);
      if (offset + shown < matching) {
        out.printf(
            Locale.ROOT,
            "... and %d more: --offset %d%n",
            matching - offset - shown,
            offset + shown);
      }
    }
    JsonObject counts = list.getJsonObject("counts", new JsonObject());
    if (counts.getLong("NO_LEADER", 0L) > 0) {
      return RaftCtl.NO_LEADER;
    }
    return counts.getLong("DEGRADED", 0L) > 0 ? RaftCtl.DAMAGED : RaftCtl.GOOD;
  }

  private static Table print(JsonObject list) {
    Table table = new Table("GROUP", "HEALTH", "ROLE", ">TERM", "LEADER", ">COMMIT", "HEADLINE");
    for (JsonObject group : Picture.objects(list.getJsonArray("groups"))) {
      table.row(
          group.getString("groupId"),
          Plain.name(group.getString("health")).replace('-', ' '),
          Plain.name(group.getString("role")),
          group.getLong("term"),
          group.getString("leaderId"),
          group.getLong("commitIndex"),
          group.getString("headline"));
    }
    return table;
  }
}
