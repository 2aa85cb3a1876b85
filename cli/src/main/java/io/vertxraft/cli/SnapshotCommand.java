package io.vertxraft.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about the snapshots of a member that does not run. */
@Command(
    name = "snapshot",
    description = {
      "Looks after the snapshots in the storage directory of a member that does not run.",
      "A member that runs keeps its directory to itself: stop it first, or work on a copy."
    },
    subcommands = {
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
    throw new ParameterException(spec.commandLine(), "which of list, verify, export and import?");
  }
}
