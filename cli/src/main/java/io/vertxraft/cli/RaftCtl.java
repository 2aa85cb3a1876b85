package io.vertxraft.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code raftctl}. */
@Command(
    name = "raftctl",
    description = "Looks after members of Raft groups and their storage.",
    subcommands = {
      StatusCommand.class,
      WatchCommand.class,
      ExplainCommand.class,
      GroupsCommand.class,
      TransferCommand.class,
      SnapshotCommand.class,
      EntriesCommand.class,
      WhatIfCommand.class,
      BundleCommand.class,
      StorageCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = RaftCtl.Version.class,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all is well",
      "1:something is damaged, or a group is degraded",
      "2:wrong usage, or the command could not be carried out",
      "3:a group has no leader",
      "4:the console refuses: no credentials, not enabled, or not possible now",
      "5:no console can be reached"
    })
public final class RaftCtl implements Runnable {
  /** All is well. */
  static final int GOOD = 0;

  /** Something is damaged, or a group is degraded. */
  static final int DAMAGED = 1;

  /** Wrong usage, or the command could not be carried out. */
  static final int USAGE = 2;

  /** A group has no leader. */
  static final int NO_LEADER = 3;

  /** The console refuses. */
  static final int REFUSED = 4;

  /** No console can be reached. */
  static final int UNREACHABLE = 5;

  @Spec private CommandSpec spec;

  RaftCtl() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command with all its groups of commands. */
  static CommandLine commandLine() {
    return new CommandLine(new RaftCtl())
        .setExecutionExceptionHandler(
            (failure, commandLine, parsed) -> {
              PrintWriter err = commandLine.getErr();
              err.println("raftctl: " + message(failure));
              return failure instanceof ConsoleException console ? console.exitCode() : USAGE;
            });
  }

  private static String message(Exception failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }

  /** Reads the version out of the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = RaftCtl.class.getPackage().getImplementationVersion();
      return new String[] {"raftctl " + (version == null ? "(not packaged)" : version)};
    }
  }
}
