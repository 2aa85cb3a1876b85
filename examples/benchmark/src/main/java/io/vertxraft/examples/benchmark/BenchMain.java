package io.vertxraft.examples.benchmark;

import picocli.CommandLine;

/** The command line of the benchmarks. */
public final class BenchMain {
  private BenchMain() {}

  /** See {@code --help}. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new PeersCommand())
        .addSubcommand("log", new StorageCommand.Log())
        // Not "restart": a measure has that name, and an option's value must not be a subcommand's.
        .addSubcommand("reopen", new StorageCommand.Reopen())
        .addSubcommand("jmh", new MicroCommand())
        .setCaseInsensitiveEnumValuesAllowed(true);
  }
}
