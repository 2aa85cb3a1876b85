package io.vertxraft.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what would be if members were gone. */
@Command(
    name = "what-if",
    description = {
      "Says whether a group would still serve without some of its members. Changes nothing.",
      "The exit code is 0 if it would, and 3 if it would not."
    },
    mixinStandardHelpOptions = true)
final class WhatIfCommand extends LiveCommand {
  @Option(
      names = "--down",
      split = ",",
      paramLabel = "ID",
      description = "Members that are gone, by commas or one by one (default: nobody).")
  private List<String> down = List.of();

  WhatIfCommand() {}

  @Override
  int ask(ConsoleClient console, PrintWriter out) {
    JsonObject answer =
        console.get("what-if", down.isEmpty() ? Map.of() : Map.of("down", String.join(",", down)));
    if (json()) {
      print(answer, out);
    } else {
      out.println(Plain.text(answer.getString("text")));
      Table table = new Table("CONFIGURATION", "VOTERS", "UP", ">MAJORITY", "HAS IT", ">TOLERATES");
      for (JsonObject half : Picture.objects(answer.getJsonArray("configurations"))) {
        table.row(
            half.getString("name"),
            ids(half.getJsonArray("voters")),
            ids(half.getJsonArray("up")),
            half.getLong("majority"),
            half.getBoolean("hasMajority", false) ? "yes" : "no",
            half.getLong("faultTolerance"));
      }
      if (!table.isEmpty()) {
        out.println();
        table.lines().forEach(out::println);
      }
    }
    return answer.getBoolean("hasMajority", false) ? RaftCtl.GOOD : RaftCtl.NO_LEADER;
  }

  private static String ids(JsonArray ids) {
    return ids == null ? "-" : String.join(",", ids.stream().map(String::valueOf).toList());
  }
}
