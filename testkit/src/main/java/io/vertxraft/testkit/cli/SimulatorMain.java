package io.vertxraft.testkit.cli;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertxraft.testkit.run.Recording;
import io.vertxraft.testkit.run.Shrinker;
import io.vertxraft.testkit.run.Simulation;
import io.vertxraft.testkit.run.SimulationBatch;
import io.vertxraft.testkit.run.SimulationBatch.Summary;
import io.vertxraft.testkit.run.SimulationPlan;
import io.vertxraft.testkit.run.SimulationPlan.Load;
import io.vertxraft.testkit.run.SimulationResult;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;

/** Runs the simulator from the command line; see {@code --help}. */
public final class SimulatorMain {
  private static final Logger PRODUCT_LOG = Logger.getLogger("io.vertxraft");

  private static final int EXIT_VIOLATION = 1;

  private final SimulatorOptions options;
  private final PrintStream out;
  private final boolean terminal;

  private SimulatorMain(SimulatorOptions options, PrintStream out, boolean terminal) {
    this.options = options;
    this.out = out;
    this.terminal = terminal;
  }

  /** Runs and exits. */
  public static void main(String[] arguments) throws InterruptedException {
    // What goes wrong in a simulated world is nobody's warning.
    PRODUCT_LOG.setLevel(Level.OFF);
    System.exit(run(System.out, System.err, isTerminal(), arguments));
  }

  /** Whether somebody looks. From JDK 22 on there is a console without a terminal too. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** Runs; gives the exit code. */
  static int run(PrintStream out, PrintStream err, boolean terminal, String... arguments)
      throws InterruptedException {
    SimulatorOptions options;
    try {
      options = SimulatorOptions.parse(arguments);
    } catch (ParameterException e) {
      err.println(e.getMessage());
      err.println("Try --help.");
      return ExitCode.USAGE;
    }
    if (options.isHelp()) {
      options.printHelp(out);
      return ExitCode.OK;
    }
    try {
      return new SimulatorMain(options, out, terminal).run();
    } catch (IOException | IllegalArgumentException e) {
      err.println(e.getMessage() == null ? e.toString() : e.getMessage());
      return ExitCode.USAGE;
    }
  }

  private int run() throws IOException, InterruptedException {
    if (options.listBugs()) {
      return new BugCommands(out).list();
    }
    if (options.hunt()) {
      return new BugCommands(out).hunt(options);
    }
    if (options.bug() != null) {
      return new BugCommands(out).plant(options);
    }
    if (options.checkTrace() != null) {
      return TraceCommands.check(options.checkTrace(), out);
    }
    if (options.plan() != null) {
      return detail(readPlan(options.plan()));
    }
    if (options.isSingle()) {
      return detail(planOf(options.firstSeed()));
    }
    return batch();
  }

  /** The plan of a seed, with what the command line fixes. */
  private SimulationPlan planOf(long seed) {
    SimulationPlan plan =
        options.members() == 0
            ? Simulation.plan(seed, options.profile(), options.timeMs())
            : Simulation.plan(seed, options.profile(), options.timeMs(), options.members());
    if (options.load() == 0) {
      return plan;
    }
    Load load = plan.load();
    return plan.withLoad(new Load(options.load(), load.keys(), load.paddingMax(), load.sessions()));
  }

  private int batch() throws IOException, InterruptedException {
    ProgressBar bar = new ProgressBar(out, terminal, options.lastSeed() - options.firstSeed() + 1);
    Summary summary =
        new SimulationBatch(seed -> run(planOf(seed)), options.threads(), bar::show)
            .run(options.firstSeed(), options.lastSeed(), options.failuresMax());
    bar.clear();
    for (SimulationResult failure : summary.failures()) {
      out.println(failure);
      out.println("  " + failure.headline());
    }
    if (!summary.failures().isEmpty()) {
      failed(summary.failures().get(0).plan());
    }
    if (options.marks()) {
      summary
          .coverage()
          .counts()
          .forEach((mark, count) -> out.printf(Locale.ROOT, "%12d %s%n", count, mark));
    }
    boolean missed =
        options.requireMarks() && !summary.coverage().missed(options.profile()).isEmpty();
    if (missed) {
      out.println(
          "marks missed: " + String.join(", ", summary.coverage().missed(options.profile())));
    }
    out.println(sum(summary));
    return summary.failures().isEmpty() && !missed ? ExitCode.OK : EXIT_VIOLATION;
  }

  static String sum(Summary summary) {
    int marks = summary.coverage().counts().size();
    return String.format(
        Locale.ROOT,
        "%d seeds, %.1f simulated hours in %d s (%.0f times real time), %d commands applied, "
            + "%d of %d marks hit, %d violations",
        summary.seeds(),
        summary.virtualMs() / (double) TimeUnit.HOURS.toMillis(1),
        TimeUnit.NANOSECONDS.toSeconds(summary.wallNanos()),
        summary.rate(),
        summary.applied(),
        summary.coverage().reached(),
        marks,
        summary.failures().size());
  }

  private SimulationResult run(SimulationPlan plan) {
    return options.spec()
        ? Simulation.run(plan, Recording.againstSpecification())
        : Simulation.run(plan);
  }

  /** Runs one plan and shows what can be known about it. */
  private int detail(SimulationPlan plan) throws IOException {
    SimulationResult result =
        options.trace() == null ? run(plan) : TraceCommands.record(plan, options.trace(), out);
    out.println(result);
    if (options.marks()) {
      result
          .coverage()
          .counts()
          .forEach((mark, count) -> out.printf(Locale.ROOT, "%12d %s%n", count, mark));
    }
    if (result.ok()) {
      if (options.savePlan() != null) {
        savePlan(plan);
      }
      return ExitCode.OK;
    }
    failed(plan);
    return EXIT_VIOLATION;
  }

  /** Shows a failing run, as small as wanted, again and in detail. */
  private void failed(SimulationPlan plan) throws IOException {
    SimulationPlan smallest = plan;
    if (options.shrink()) {
      Shrinker shrinker = new Shrinker(this::run, Shrinker.RUNS_MAX);
      smallest = shrinker.shrink(plan).plan();
      out.printf(
          Locale.ROOT,
          "shrunk in %d runs from %d faults to %d%n",
          shrinker.runs(),
          plan.faults().size(),
          smallest.faults().size());
    }
    out.printf(
        Locale.ROOT,
        "%d members for %d ms, choices %s, faults:%n",
        smallest.members(),
        smallest.ms(),
        smallest.choices());
    smallest.faults().forEach(out::println);
    TraceCommands.explain(smallest, options.spec(), out);
    out.printf(
        Locale.ROOT,
        "again: --seed %d --profile %s --time %dms%n",
        plan.seed(),
        options.profile(),
        options.timeMs());
    if (options.savePlan() != null) {
      savePlan(smallest);
    }
  }

  private void savePlan(SimulationPlan plan) throws IOException {
    try {
      Files.writeString(
          options.savePlan(), plan.toJson().encodePrettily() + System.lineSeparator());
    } catch (IOException e) {
      throw new IOException("cannot write the plan: " + e, e);
    }
    out.println("plan written to " + options.savePlan());
  }

  private static SimulationPlan readPlan(Path file) throws IOException {
    try {
      return SimulationPlan.fromJson(new JsonObject(Files.readString(file)));
    } catch (IOException | DecodeException | ClassCastException e) {
      throw new IOException("cannot read the plan " + file + ": " + e, e);
    }
  }
}
