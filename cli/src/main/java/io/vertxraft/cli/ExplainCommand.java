package io.vertxraft.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

/** Says why a group is as it is. */
@Command(
    name = "explain",
    description = {
      "Says in words how a running group is and why, each sentence with what it rests on.",
      "The exit code tells the health: 0 healthy, 1 degraded, 3 no leader."
    },
    mixinStandardHelpOptions = true)
final class ExplainCommand extends LiveCommand {
  ExplainCommand() {}

  @Override
  int ask(ConsoleClient console, PrintWriter out) {
    JsonObject explanation = console.get("explain", Map.of());
    if (json()) {
      print(explanation, out);
    } else {
      out.println(Plain.text(explanation.getString("headline")));
      sentences(explanation.getJsonArray("sentences"), out);
      if (!Picture.objects(explanation.getJsonArray("disagreements")).isEmpty()) {
        out.println();
        out.println("Members disagree:");
        sentences(explanation.getJsonArray("disagreements"), out);
      }
    }
    return exitCode(explanation.getString("health"));
  }

  private static void sentences(JsonArray sentences, PrintWriter out) {
    for (JsonObject sentence : Picture.objects(sentences)) {
      out.println(Picture.sentence(sentence));
      for (JsonObject evidence : Picture.objects(sentence.getJsonArray("evidence"))) {
        out.printf(
            Locale.ROOT,
            "            %s, %s ago: %s%n",
            Plain.text(evidence.getString("source")),
            Plain.duration(evidence.getNumber("ageMs")),
            Plain.text(evidence.getString("fact")));
      }
    }
  }
}
