package io.vertxraft.cli;

import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;

/** Takes a snapshot now. */
@Command(
    name = "take",
    description = "Takes a snapshot of the running member that serves the console, now.",
    mixinStandardHelpOptions = true)
final class SnapshotTakeCommand extends ActionCommand {
  SnapshotTakeCommand() {}

  @Override
  String action() {
    return "snapshot";
  }

  @Override
  JsonObject parameters() {
    return new JsonObject();
  }
}
