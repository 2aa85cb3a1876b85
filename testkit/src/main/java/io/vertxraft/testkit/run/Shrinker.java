package io.vertxraft.testkit.run;

import io.vertxraft.consensus.Choice;
import io.vertxraft.testkit.run.SimulationPlan.Ending;
import io.vertxraft.testkit.run.SimulationPlan.Links;
import io.vertxraft.testkit.run.SimulationPlan.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Makes a failing plan smaller: fewer faults by delta debugging (Zeller and Hildebrandt 2002), then
 * a shorter run, a quieter network, fewer choices, less load. A smaller plan is taken when the same
 * rule breaks.
 */
public final class Shrinker {
  /** Runs spent at most, unless told otherwise. */
  public static final int RUNS_MAX = 600;

  private final Function<SimulationPlan, SimulationResult> runner;
  private final int runsMax;
  private String rule;
  private SimulationResult best;
  private int runs;

  /** A shrinker that runs plans as usual. */
  public Shrinker() {
    this(Simulation::run, RUNS_MAX);
  }

  /**
   * A shrinker that runs plans in its own way.
   *
   * @param runner runs a plan
   * @param runsMax how many runs may be spent
   */
  public Shrinker(Function<SimulationPlan, SimulationResult> runner, int runsMax) {
    this.runner = runner;
    this.runsMax = runsMax;
  }

  /**
   * Shrinks a plan that fails.
   *
   * @return the result of the smallest plan found that breaks the same rule
   * @throws IllegalArgumentException if the plan does not fail
   */
  public SimulationResult shrink(SimulationPlan plan) {
    best = runner.apply(plan);
    runs = 1;
    if (best.ok()) {
      throw new IllegalArgumentException("the plan of seed " + plan.seed() + " breaks no rule");
    }
    rule = best.rule();
    int before;
    do {
      before = size(best.plan());
      if (!"L2".equals(rule)) {
        // What happens after the rule is broken plays no part.
        attempt(p -> p.withMs(Math.min(p.ms(), best.virtualMs() + 1)));
      }
      fewerFaults();
      fewerChoices();
      simplerWorld();
    } while (size(best.plan()) < before && runs < runsMax);
    return best;
  }

  /** Runs spent. */
  public int runs() {
    return runs;
  }

  private static int size(SimulationPlan plan) {
    return plan.faults().size() + plan.choices().size();
  }

  /** Takes a simpler plan if it still breaks the rule. */
  private boolean attempt(UnaryOperator<SimulationPlan> change) {
    SimulationPlan candidate = change.apply(best.plan());
    if (runs >= runsMax || candidate.equals(best.plan())) {
      return false;
    }
    runs++;
    SimulationResult result = runner.apply(candidate);
    if (!rule.equals(result.rule())) {
      return false;
    }
    best = result;
    return true;
  }

  private void fewerFaults() {
    int chunk = Math.max(1, best.plan().faults().size() / 2);
    while (chunk >= 1 && runs < runsMax) {
      boolean removed = false;
      int from = 0;
      while (from < best.plan().faults().size() && runs < runsMax) {
        if (attempt(without(from, chunk))) {
          removed = true;
        } else {
          from += chunk;
        }
      }
      if (!removed || chunk > best.plan().faults().size()) {
        chunk /= 2;
      }
    }
  }

  private static UnaryOperator<SimulationPlan> without(int from, int count) {
    return plan -> {
      List<Fault> left = new ArrayList<>(plan.faults());
      left.subList(from, Math.min(left.size(), from + count)).clear();
      return plan.withFaults(left);
    };
  }

  private void fewerChoices() {
    attempt(plan -> plan.withChoices(List.of()));
    for (Choice choice : best.plan().choices()) {
      attempt(
          plan -> {
            List<Choice> left = new ArrayList<>(plan.choices());
            left.remove(choice);
            return plan.withChoices(left);
          });
    }
  }

  private void simplerWorld() {
    attempt(plan -> plan.withLinks(quiet(plan.links(), 0, plan.links().duplicate(), 0)));
    attempt(plan -> plan.withLinks(quiet(plan.links(), plan.links().drop(), 0, 0)));
    attempt(plan -> plan.withLinks(quiet(plan.links(), 0, 0, plan.links().late())));
    attempt(plan -> plan.withLinks(quiet(plan.links(), 0, 0, 0)));
    attempt(
        plan -> plan.withEnding(new Ending(plan.ending().core(), plan.ending().down(), List.of())));
    for (int i = 0; i < 4; i++) {
      attempt(
          plan -> {
            Load load = plan.load();
            return plan.withLoad(
                new Load(load.commandsPerSecond() / 2, load.keys(), 0, load.sessions()));
          });
    }
  }

  private static Links quiet(Links links, double drop, double duplicate, double late) {
    return new Links(
        links.delayNanos(),
        links.jitterNanos(),
        links.connections(),
        drop,
        duplicate,
        late,
        links.lateMs(),
        0);
  }
}
