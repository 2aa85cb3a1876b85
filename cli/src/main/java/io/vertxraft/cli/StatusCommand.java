package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;

/** Says how a group is. */
@Command(
    name = "status",
    description = {
      "Says how a running group is: its members, who leads, who lags, and what is wrong.",
      "The exit code tells the health: 0 healthy, 1 degraded, 3 no leader."
    },
    mixinStandardHelpOptions = true)
final class StatusCommand extends LiveCommand {
  StatusCommand() {}

  @Override
  int ask(ConsoleClient console, PrintWriter out) {
    JsonObject state = console.get("state", Map.of());
    Picture picture = new Picture(state);
    if (json()) {
      print(state, out);
    } else {
      picture.lines().forEach(out::println);
    }
    return exitCode(picture.health());
  }
}
