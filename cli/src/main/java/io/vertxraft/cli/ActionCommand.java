package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What the commands that change something share. */
abstract class ActionCommand extends LiveCommand {
  private static final int ACTION_SECONDS = 120;

  @Option(names = "--dry-run", description = "Only say what would happen, or why it would not.")
  private boolean dryRun;

  /** The console's name of the action. */
  abstract String action();

  /** The action's parameters. */
  abstract JsonObject parameters();

  @Override
  final ConsoleClient open(ConsoleAccess to) {
    return to.open(ACTION_SECONDS);
  }

  @Override
  final int ask(ConsoleClient console, PrintWriter out) {
    JsonObject answer = console.act(action(), parameters(), dryRun);
    if (json()) {
      print(answer, out);
    } else {
      print(answer, console, out);
    }
    return exitCode(answer);
  }

  private static int exitCode(JsonObject answer) {
    return switch (answer.getString("outcome")) {
      case "DONE" -> RaftCtl.GOOD;
      case "DRY_RUN" -> refusal(answer) == null ? RaftCtl.GOOD : RaftCtl.REFUSED;
      case "REFUSED" -> RaftCtl.REFUSED;
      default -> RaftCtl.USAGE;
    };
  }

  private static String refusal(JsonObject answer) {
    return answer.getJsonObject("effect", new JsonObject()).getString("refusal");
  }

  private void print(JsonObject answer, ConsoleClient console, PrintWriter out) {
    String text = Plain.text(answer.getString("text"));
    switch (answer.getString("outcome")) {
      case "DONE" -> out.println(text);
      case "DRY_RUN" -> {
        out.println("would: " + text);
        if (refusal(answer) != null) {
          out.println("but it would be refused: " + Plain.text(refusal(answer)));
        }
      }
      default -> {
        String error = answer.getString("error");
        err().println("raftctl: " + (error == null ? text : Plain.text(error)));
        if (answer.getString("leaderId") != null) {
          err()
              .printf(
                  Locale.ROOT,
                  "raftctl: ask the console of %s, which leads; %s is that of another member%n",
                  Plain.text(answer.getString("leaderId")),
                  console.address());
        }
      }
    }
  }
}
