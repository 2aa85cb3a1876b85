package io.vertxraft.testkit.cli;

import io.vertxraft.testkit.run.Profile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The simulator's options. */
@Command(
    name = "raft-sim",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Runs the production code of a Raft group in simulated worlds, one per seed, and checks every",
      "rule after every step. The same seed is the same run.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no rule was broken",
      "1:a rule was broken, or a mark missed",
      "2:wrong usage"
    })
final class SimulatorOptions {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})\\.\\.(\\d{1,18})");
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final int MEMBERS_MAX = 7;
  private static final double LOAD_MIN = 0.1;
  private static final double LOAD_MAX = 100_000;
  private static final long TIME_MS_MAX = Duration.ofDays(1).toMillis();

  @Spec private CommandSpec command;

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      defaultValue = "0..999",
      description = "seeds to run, both ends included (default: ${DEFAULT-VALUE})")
  private String seeds;

  @Option(names = "--seed", paramLabel = "X", description = "run this seed only, in detail")
  private Long seed;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "faults to draw from: default, snapshots, network, disk, clock, calm")
  private String profileName;

  @Option(
      names = "--time",
      paramLabel = "SPAN",
      defaultValue = "60s",
      description =
          "virtual time with faults per seed, as 500ms, 60s, 5m (default: ${DEFAULT-VALUE})")
  private String time;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "seeds run at a time (default: one per processor)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--members",
      paramLabel = "N",
      description = "members of the group, 1 to 7 (default: drawn from the seed)")
  private Integer members;

  @Option(
      names = "--load",
      paramLabel = "N",
      description = "commands per virtual second (default: drawn from the seed)")
  private Double load;

  @Option(
      names = "--failures",
      paramLabel = "N",
      defaultValue = "10",
      description = "stop after so many failed seeds (default: ${DEFAULT-VALUE})")
  private int failuresMax;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "raft-sim-trace.ndjson",
      description = "with --seed or --plan: write the protocol trace (default: ${FALLBACK-VALUE})")
  private Path trace;

  @Option(
      names = "--check-trace",
      paramLabel = "FILE",
      description = "check a protocol trace against the Raft specification, and nothing else")
  private Path checkTrace;

  @Option(
      names = "--spec",
      description = "check each run's protocol trace against the Raft specification as well")
  private boolean spec;

  @Option(
      names = "--shrink",
      description = "make the first failing run as small as possible and print its plan")
  private boolean shrink;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "run a plan written by --save-plan instead of seeds")
  private Path plan;

  @Option(
      names = "--save-plan",
      paramLabel = "FILE",
      description = "write the plan of the failing (shrunk) run, or of --seed, as JSON")
  private Path savePlan;

  @Option(names = "--bug", paramLabel = "NAME", description = "plant a bug from the bug bank")
  private String bug;

  @Option(names = "--bugs", description = "list the bug bank, and nothing else")
  private boolean listBugs;

  @Option(
      names = "--hunt",
      description = "plant every bug in turn and report how many seeds it takes to find it")
  private boolean hunt;

  @Option(names = "--marks", description = "print how often each mark was reached")
  private boolean marks;

  @Option(
      names = "--require-marks",
      description = "a mark that no seed of the batch reached counts as a failure")
  private boolean requireMarks;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help and exit")
  private boolean help;

  private long firstSeed;
  private long lastSeed;
  private long timeMs;
  private Profile profile;

  /**
   * Reads a command line.
   *
   * @throws ParameterException naming the option that is not valid, its value and what is allowed
   */
  static SimulatorOptions parse(String... args) {
    SimulatorOptions options = new SimulatorOptions();
    new CommandLine(options).parseArgs(args);
    if (!options.help) {
      options.validate();
    }
    return options;
  }

  private void validate() {
    Matcher range = RANGE.matcher(seeds);
    if (!range.matches()) {
      throw invalid("--seeds", seeds, "two numbers of up to 18 digits, as 0..999");
    }
    firstSeed = seed != null ? seed : Long.parseLong(range.group(1));
    lastSeed = seed != null ? seed : Long.parseLong(range.group(2));
    if (lastSeed < firstSeed) {
      throw invalid("--seeds", seeds, "a first number that is not above the second");
    }
    timeMs = parseSpan();
    profile = parseProfile();
    range("--threads", threads, 1, 1_024);
    range("--failures", failuresMax, 1, 1_000_000);
    if (members != null) {
      range("--members", members, 1, MEMBERS_MAX);
    }
    if (load != null && !(load >= LOAD_MIN && load <= LOAD_MAX)) {
      throw invalid("--load", load.toString(), LOAD_MIN + " to " + LOAD_MAX);
    }
    if (trace != null && seed == null && plan == null) {
      throw new ParameterException(
          command.commandLine(), "--trace needs --seed or --plan: a batch writes no trace");
    }
    if (bug != null && (trace != null || plan != null || shrink || hunt)) {
      throw new ParameterException(
          command.commandLine(),
          "--bug goes with --seeds or --seed, not with the other ways to run");
    }
    if ((bug != null || hunt) && (profile != Profile.DEFAULT || members != null || load != null)) {
      throw new ParameterException(
          command.commandLine(),
          "--bug and --hunt draw everything from the seed: leave out --profile, --members, --load");
    }
  }

  private long parseSpan() {
    Matcher span = SPAN.matcher(time);
    if (!span.matches()) {
      throw invalid("--time", time, "a number and ms, s, m or h, as 60s");
    }
    long number = Long.parseLong(span.group(1));
    long ms =
        switch (span.group(2)) {
          case "ms" -> number;
          case "s" -> Duration.ofSeconds(number).toMillis();
          case "m" -> Duration.ofMinutes(number).toMillis();
          default -> Duration.ofHours(number).toMillis();
        };
    if (ms < 1 || ms > TIME_MS_MAX) {
      throw invalid("--time", time, "1ms to 24h");
    }
    return ms;
  }

  private Profile parseProfile() {
    try {
      return Profile.valueOf(profileName.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw invalid("--profile", profileName, "default, snapshots, network, disk, clock or calm");
    }
  }

  private void range(String option, long value, long min, long max) {
    if (value < min || value > max) {
      throw invalid(option, Long.toString(value), min + " to " + max);
    }
  }

  private ParameterException invalid(String option, String value, String allowed) {
    return new ParameterException(
        command.commandLine(), "%s is '%s', allowed is %s".formatted(option, value, allowed));
  }

  boolean isHelp() {
    return help;
  }

  void printHelp(PrintStream out) {
    command.commandLine().usage(out);
  }

  long firstSeed() {
    return firstSeed;
  }

  long lastSeed() {
    return lastSeed;
  }

  /** Whether one seed is wanted, in detail. */
  boolean isSingle() {
    return seed != null;
  }

  long timeMs() {
    return timeMs;
  }

  Profile profile() {
    return profile;
  }

  int threads() {
    return threads;
  }

  /** Members, or 0 for as many as the seed says. */
  int members() {
    return members == null ? 0 : members;
  }

  /** Commands per virtual second, or 0 for as many as the seed says. */
  double load() {
    return load == null ? 0 : load;
  }

  int failuresMax() {
    return failuresMax;
  }

  /** Where the trace goes, or null. */
  Path trace() {
    return trace;
  }

  /** The trace to check, or null. */
  Path checkTrace() {
    return checkTrace;
  }

  /** Whether runs are checked against the specification too. */
  boolean spec() {
    return spec;
  }

  boolean shrink() {
    return shrink;
  }

  /** The plan to run, or null. */
  Path plan() {
    return plan;
  }

  /** Where the plan goes, or null. */
  Path savePlan() {
    return savePlan;
  }

  /** The bug to plant, or null. */
  String bug() {
    return bug;
  }

  boolean listBugs() {
    return listBugs;
  }

  boolean hunt() {
    return hunt;
  }

  /** Whether a batch fails that misses a mark. */
  boolean requireMarks() {
    return requireMarks;
  }

  boolean marks() {
    return marks;
  }
}
