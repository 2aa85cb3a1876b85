package io.vertxraft.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about snapshots. */
@Command(
    name = "snapshot",
    description = {
      "Looks after snapshots.",
      "'take' asks a running member for one, through a console. The others look into the storage",
      "directory of a member that does not run. One that runs keeps its directory to itself: stop",
      "it first, or work on a copy."
    },
    subcommands = {
      SnapshotTakeCommand.class,
      SnapshotListCommand.class,
      SnapshotVerifyCommand.class,
      SnapshotExportCommand.class,
      SnapshotImportCommand.class
    },
    mixinStandardHelpOptions = true)
final class SnapshotCommand implements Runnable {
  @Spec private CommandSpec spec;

  SnapshotCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "which of take, list, verify, export and import?");
  }
}
