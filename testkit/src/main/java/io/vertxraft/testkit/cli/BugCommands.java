package io.vertxraft.testkit.cli;

import io.vertxraft.testkit.bugs.BugBank;
import io.vertxraft.testkit.bugs.BugHunt;
import io.vertxraft.testkit.bugs.BugPlanter;
import io.vertxraft.testkit.bugs.Finding;
import io.vertxraft.testkit.bugs.PlantedBug;
import io.vertxraft.testkit.bugs.PlantedProduct;
import io.vertxraft.testkit.bugs.PlantingException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ExitCode;

/** What the command line does with the bug bank. */
final class BugCommands {
  private static final int EXIT_VIOLATION = 1;
  private static final int HUNT_SEEDS_MAX = 2_000;
  private static final int HUNT_STARTS = 3;

  private final PrintStream out;

  BugCommands(PrintStream out) {
    this.out = out;
  }

  /** Lists the bank. */
  int list() {
    for (PlantedBug bug : BugBank.all()) {
      String where = bug.isPending() ? "needs " + bug.rule() : "breaks " + bug.rule();
      out.printf(
          Locale.ROOT, "%-40s %-8s %-12s %s%n", bug.name(), bug.source(), where, bug.description());
    }
    return ExitCode.OK;
  }

  /** Plants every bug and reports how many seeds it takes to find it. */
  int hunt(SimulatorOptions options) throws InterruptedException {
    new BugHunt(options.timeMs(), HUNT_SEEDS_MAX, HUNT_STARTS)
        .print(out, BugBank.plantable(), options.threads());
    return ExitCode.OK;
  }

  /** Plants one bug, plays its story and runs seeds until one finds it. */
  int plant(SimulatorOptions options) {
    PlantedBug bug = BugBank.find(options.bug());
    if (bug.isPending()) {
      throw new IllegalArgumentException(
          "bug '%s' cannot be planted before %s is built".formatted(bug.name(), bug.rule()));
    }
    PlantedProduct product;
    try {
      product = new BugPlanter().plant(bug);
    } catch (PlantingException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    out.printf(Locale.ROOT, "planted %s: %s%n", bug.name(), bug.description());
    out.println("its story: " + product.playScenario().map(Finding::rule).orElse("not found"));
    for (long seed = options.firstSeed(); seed <= options.lastSeed(); seed++) {
      Optional<Finding> found = product.simulate(seed, options.timeMs());
      if (found.isPresent()) {
        out.println(found.get().report());
        out.printf(
            Locale.ROOT, "found by seed %d, number %d%n", seed, seed - options.firstSeed() + 1);
        return EXIT_VIOLATION;
      }
    }
    out.printf(
        Locale.ROOT, "not found in %d seeds%n", options.lastSeed() - options.firstSeed() + 1);
    return ExitCode.OK;
  }
}
