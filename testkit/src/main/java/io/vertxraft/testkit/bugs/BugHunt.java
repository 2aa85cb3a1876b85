package io.vertxraft.testkit.bugs;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Measures how soon random runs find each planted bug: {@code BugHunt [virtualSeconds [seedsMax
 * [starts [bug...]]]]}. Prints a table in Markdown; needs a JDK.
 */
public final class BugHunt {
  /** Seeds of different starting points do not meet. */
  private static final long START_DISTANCE = 1_000_000;

  /** Held here, for a logger that nobody holds forgets its level. */
  private static final Logger NODES = Logger.getLogger("io.vertxraft");

  private final BugPlanter planter = new BugPlanter();
  private final long ms;
  private final int seedsMax;
  private final int starts;

  /**
   * A hunt.
   *
   * @param ms virtual time of faults per seed
   * @param seedsMax seeds after which a start gives up
   * @param starts how many times to look for each bug, from seeds far apart
   */
  public BugHunt(long ms, int seedsMax, int starts) {
    this.ms = ms;
    this.seedsMax = seedsMax;
    this.starts = starts;
  }

  /**
   * What became of one bug.
   *
   * @param bug the bug
   * @param scenario what its own story found
   * @param seeds seeds needed per start, the lowest first; {@link Integer#MAX_VALUE} where none of
   *     them found it
   * @param rules the rules that random runs saw broken, and in how many starts
   */
  public record Result(
      PlantedBug bug, Optional<Finding> scenario, List<Integer> seeds, Map<String, Integer> rules) {

    /** Median of the seeds needed, {@link Integer#MAX_VALUE} if most starts did not find it. */
    public int medianSeeds() {
      return seeds.get((seeds.size() - 1) / 2);
    }
  }

  /** Looks for a bug, by its story and from every starting point. */
  public Result hunt(PlantedBug bug) {
    PlantedProduct product = planter.plant(bug);
    int[] seeds = new int[starts];
    Map<String, Integer> rules = new TreeMap<>();
    for (int start = 0; start < starts; start++) {
      seeds[start] = seedsToFind(product, 1 + start * START_DISTANCE, rules);
    }
    Arrays.sort(seeds);
    return new Result(
        bug, product.playScenario(), Arrays.stream(seeds).boxed().toList(), Map.copyOf(rules));
  }

  private int seedsToFind(PlantedProduct product, long firstSeed, Map<String, Integer> rules) {
    for (int i = 0; i < seedsMax; i++) {
      Optional<Finding> found = product.simulate(firstSeed + i, ms);
      if (found.isPresent()) {
        rules.merge(found.get().rule(), 1, Integer::sum);
        return i + 1;
      }
    }
    return Integer.MAX_VALUE;
  }

  /** See the class comment. */
  public static void main(String[] arguments) throws InterruptedException {
    List<String> words = List.of(arguments);
    long seconds = words.isEmpty() ? 60 : Long.parseLong(words.get(0));
    int seedsMax = words.size() > 1 ? Integer.parseInt(words.get(1)) : 2_000;
    int starts = words.size() > 2 ? Integer.parseInt(words.get(2)) : 3;
    List<PlantedBug> bugs =
        words.size() > 3
            ? words.subList(3, words.size()).stream().map(BugBank::find).toList()
            : BugBank.plantable();
    // Nodes that stop by a planted bug are what is looked for, not worth a stack trace each.
    NODES.setLevel(Level.OFF);
    new BugHunt(1_000 * seconds, seedsMax, starts)
        .print(System.out, bugs, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Looks for several bugs at once and prints the results, and the bugs that cannot be planted yet,
   * as a Markdown table: in the order of the bugs, each row as soon as it is known.
   */
  public void print(PrintStream out, List<PlantedBug> bugs, int threads)
      throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Result>> results = new ArrayList<>();
      bugs.forEach(bug -> results.add(pool.submit(() -> hunt(bug))));
      out.println(
          "Seeds of %d virtual seconds, at most %d, median of %d starts."
              .formatted(ms / 1_000, seedsMax, starts));
      out.println();
      out.println("| bug | source | story | seeds to find | rules |");
      out.println("|---|---|---|---|---|");
      for (Future<Result> result : results) {
        out.println(row(result.get()));
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a hunt ended by an exception", e.getCause());
    } finally {
      pool.shutdownNow();
    }
    for (PlantedBug bug : BugBank.all()) {
      if (bug.isPending()) {
        out.println("| %s | %s | needs %s | | |".formatted(bug.name(), bug.source(), bug.rule()));
      }
    }
  }

  private static String row(Result result) {
    int median = result.medianSeeds();
    return "| %s | %s | %s | %s | %s |"
        .formatted(
            result.bug().name(),
            result.bug().source(),
            result.scenario().map(Finding::rule).orElse("not found"),
            median == Integer.MAX_VALUE ? "not found" : Integer.toString(median),
            rules(result));
  }

  /** The rules by name, with counts, in a fixed order. */
  private static String rules(Result result) {
    List<String> texts = new ArrayList<>();
    new TreeMap<>(result.rules()).forEach((rule, count) -> texts.add(rule + " x " + count));
    return String.join(", ", texts);
  }
}
