package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Hands the leadership over. */
@Command(
    name = "transfer",
    description = {
      "Hands the leadership over, from the member that leads to the one of --to, or to the"
          + " fittest.",
      "Ask the console of the member that leads."
    },
    mixinStandardHelpOptions = true)
final class TransferCommand extends ActionCommand {
  @Option(
      names = "--to",
      paramLabel = "ID",
      description = "Who is to lead (default: whoever is fittest).")
  private String target;

  TransferCommand() {}

  @Override
  String action() {
    return target == null ? "step-down" : "transfer";
  }

  @Override
  JsonObject parameters() {
    return target == null ? new JsonObject() : new JsonObject().put("target", target);
  }
}
