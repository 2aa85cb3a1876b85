package io.vertxraft.examples.demo;

import io.vertxraft.SnapshotOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The demo's command line. */
@Command(
    name = "raft-demo",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Runs a Raft group in one process, under load, with a web console.",
      "Break it by key or by script; the demo checks that no acknowledged write is lost.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is well",
      "1:a write was lost or could not be checked, or the demo could not start",
      "2:wrong usage"
    },
    footerHeading = "%nKeys, on a terminal:%n")
final class DemoOptions {
  static final int MEMBERS_MAX = 7;
  static final int LOAD_MAX = 200_000;
  static final int VALUE_BYTES_MAX = 1024 * 1024;

  private static final Map<String, Range> RANGES =
      Map.of(
          "--members", new Range(1, MEMBERS_MAX),
          "--load", new Range(0, LOAD_MAX),
          "--value-bytes", new Range(WriteCommand.BYTES_MIN, VALUE_BYTES_MAX),
          "--port", new Range(0, 65_535),
          "--election-timeout-ms", new Range(100, 60_000),
          "--snapshot-entries", new Range(0, 10_000_000),
          "--seconds", new Range(0, 86_400));

  private record Range(int min, int max) {
    ParameterException violated(CommandSpec spec, String option, String value) {
      return new ParameterException(
          spec.commandLine(), "%s is %s, allowed is %d to %d".formatted(option, value, min, max));
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--members",
      paramLabel = "N",
      defaultValue = "3",
      description = "members of the group, 1 to 7 (default: ${DEFAULT-VALUE})")
  private int members;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "where the members keep their data (default: a directory deleted at exit)")
  private Path data;

  @Option(
      names = "--load",
      paramLabel = "N",
      defaultValue = "500",
      description = "writes per second, 0 to 200000 (default: ${DEFAULT-VALUE})")
  private int load;

  @Option(
      names = "--value-bytes",
      paramLabel = "BYTES",
      defaultValue = "128",
      description = "size of each write, 16 to 1048576 (default: ${DEFAULT-VALUE})")
  private int valueBytes;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "port of the console on 127.0.0.1, 0 to 65535; 0 takes a free one (default)")
  private int port;

  @Option(
      names = "--election-timeout-ms",
      paramLabel = "MS",
      defaultValue = "600",
      description = "election timeout, 100 to 60000 (default: ${DEFAULT-VALUE})")
  private int electionTimeoutMs;

  @Option(
      names = "--snapshot-entries",
      paramLabel = "N",
      defaultValue = "3000",
      description = {
        "a snapshot after so many entries, 0 to 10000000; 0 takes none (default:",
        "${DEFAULT-VALUE}): few, so that one sees logs being cut, and members that were away",
        "for long come back by a snapshot"
      })
  private int snapshotEntries;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "0",
      description = "end after this time, 1 to 86400; 0 runs until q or Ctrl-C (default)")
  private int seconds;

  @Option(
      names = "--script",
      paramLabel = "STEPS",
      description = {
        "actions by time after the first leader, for runs without a terminal, such as",
        "  \"10s k, 20s r, 30s q\"",
        "Times end in s or ms; the letters are the keys below. The demo ends after the last step."
      })
  private String scriptText;

  @Option(names = "--no-color", description = "no colours; so does the variable NO_COLOR")
  private boolean noColor;

  @Option(names = "--help", usageHelp = true, description = "show this help and exit")
  private boolean help;

  private Script script;

  /**
   * Reads a command line.
   *
   * @throws ParameterException naming the option that is not valid, its value and what is allowed
   */
  static DemoOptions parse(String... args) {
    DemoOptions options = new DemoOptions();
    try {
      new CommandLine(options).parseArgs(args);
    } catch (ParameterException e) {
      throw options.withRange(e);
    }
    if (!options.help) {
      options.validate();
    }
    return options;
  }

  /** Whether only help is wanted. */
  boolean isHelp() {
    return help;
  }

  /** Prints the help. */
  void printHelp(PrintStream out) {
    spec.usageMessage().footer(Action.help().split(System.lineSeparator()));
    spec.commandLine().usage(out);
  }

  /**
   * Checks what the parser cannot.
   *
   * @throws ParameterException naming the option, its value and what is allowed
   */
  private void validate() {
    range("--members", members);
    range("--load", load);
    range("--value-bytes", valueBytes);
    range("--port", port);
    range("--election-timeout-ms", electionTimeoutMs);
    range("--snapshot-entries", snapshotEntries);
    range("--seconds", seconds);
    if (scriptText != null) {
      try {
        script = Script.parse(scriptText);
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--script: " + e.getMessage(), e);
      }
    }
  }

  private void range(String option, int value) {
    Range range = RANGES.get(option);
    if (value < range.min() || value > range.max()) {
      throw range.violated(spec, option, String.valueOf(value));
    }
  }

  /** The parser knows that a text is no number, but not which numbers are allowed. */
  private ParameterException withRange(ParameterException e) {
    boolean isValue = e.getArgSpec() instanceof OptionSpec && e.getValue() != null;
    String option = isValue ? ((OptionSpec) e.getArgSpec()).longestName() : "";
    Range range = RANGES.get(option);
    return range == null ? e : range.violated(spec, option, "'" + e.getValue() + "'");
  }

  /** Members of the group. */
  int members() {
    return members;
  }

  /** Parent of the members' data directories, or null for a temporary one. */
  Path data() {
    return data;
  }

  /** Writes per second at the start. */
  int load() {
    return load;
  }

  /** Bytes of each write. */
  int valueBytes() {
    return valueBytes;
  }

  /** Port of the console; 0 takes a free one. */
  int port() {
    return port;
  }

  /** Election timeout of all members. */
  int electionTimeoutMs() {
    return electionTimeoutMs;
  }

  /** When every member takes a snapshot: by the number of entries only. */
  SnapshotOptions snapshots() {
    return new SnapshotOptions()
        .setEntries(snapshotEntries)
        .setRetainEntries(snapshotEntries / 4)
        .setLogBytes(0)
        .setIntervalMs(0);
  }

  /** Time after which the demo ends, or 0. */
  int seconds() {
    return seconds;
  }

  /** The script, or null. */
  Script script() {
    return script;
  }

  /** Whether colours are unwanted. */
  boolean noColor() {
    return noColor;
  }
}
