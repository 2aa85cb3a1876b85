package io.vertxraft.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of commands about the storage directory of a member that does not run. */
@Command(
    name = "storage",
    description = {
      "Looks into the storage directory of a member that does not run.",
      "Nothing in the directory is changed. A member that runs keeps its directory to itself:",
      "stop it first, or look into a copy of the directory."
    },
    subcommands = {VerifyCommand.class, DumpCommand.class, StatsCommand.class},
    mixinStandardHelpOptions = true)
final class StorageCommand implements Runnable {
  @Spec private CommandSpec spec;

  StorageCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which of verify, dump and stats?");
  }
}
