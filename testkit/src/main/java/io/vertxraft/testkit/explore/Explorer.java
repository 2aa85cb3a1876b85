package io.vertxraft.testkit.explore;

import java.util.Arrays;

/**
 * Tries everything that can happen to a small cluster: all orders of messages, timeouts, writes,
 * crashes and commands within {@link Bounds}, each state once, with the real {@link
 * io.vertxraft.consensus.RaftCore} in every member. After every step the safety rules are checked:
 * election safety, one vote per term, leader append-only, log matching, leader completeness, state
 * machine safety, and that whatever is committed or confirmed is durable where it must be.
 *
 * <p>The search is breadth first, so that the way to a violation is the shortest there is.
 * Deterministic: the same bounds give the same result on every machine.
 *
 * <p>Three things keep the number of states down, and lose none that could break a rule: a message
 * that would change nothing is not delivered, a message that nobody will ever care for is removed,
 * and states that differ only in who is who count as one. How time is left out is told at {@link
 * LocalMachine}.
 *
 * <p>Beyond the bounds nothing is known. Not tried at all: several events in one turn of a member,
 * half a write (storage promises whole ones), a member that stays down (it is the same as one that
 * nobody reaches), changes of the membership.
 */
public final class Explorer {
  /** Hears how a search goes on. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called every so many states.
     *
     * @param states distinct states so far
     * @param transitions actions taken so far
     * @param depth actions from the start to the states being explored
     * @param waiting states not explored yet
     */
    void reached(int states, long transitions, int depth, int waiting);
  }

  private static final int PROGRESS_EVERY = 100_000;

  private final World world;
  private final Script script;
  private final Successors successors;
  private final StateHash hash;
  private final Progress progress;
  private final VisitedStates visited = new VisitedStates();
  private final StateQueue waiting = new StateQueue();
  private int[] current = new int[256];
  private long transitions;
  private int depth;
  private String violation;

  private Explorer(Bounds bounds, Script script, Progress progress) {
    int[][] renamings = StateHash.renamings(bounds.nodes(), bounds.symmetry());
    this.world = new World(bounds, renamings);
    this.script = script;
    this.successors = new Successors(world, script.values());
    this.hash = new StateHash(renamings);
    this.progress = progress;
  }

  /** Explores from new members on. */
  public static Result explore(Bounds bounds) {
    return explore(bounds, Script.EMPTY, (states, transitions, depth, waiting) -> {});
  }

  /**
   * Explores from the end of a script on.
   *
   * @throws IllegalArgumentException if the script cannot be played or leaves the bounds
   */
  public static Result explore(Bounds bounds, Script script, Progress progress) {
    if (script.values() + bounds.values() > Bounds.COUNT_MAX) {
      throw new IllegalArgumentException(
          "script and search propose more than %d values".formatted(Bounds.COUNT_MAX));
    }
    return new Explorer(bounds, script, progress).run();
  }

  private Result run() {
    int[] start = play(null);
    boolean complete = start != null && search(start);
    return new Result(
        visited.size(),
        transitions,
        depth,
        complete,
        world.locals().size(),
        world.locals().stepsTaken(),
        world.locals().marks(),
        violation);
  }

  /** Plays the script; the state it ends in, or null if it breaks a rule. */
  private int[] play(Report report) {
    int[] state = world.first();
    for (int i = 0; i < script.length(); i++) {
      int action = script.action(i, world, state);
      World.Outcome outcome = world.apply(state, state.length, action);
      if (report != null) {
        report.add(action, outcome);
      }
      if (outcome == World.Outcome.BROKEN) {
        violation = report == null ? reported(new int[0]) : violation;
        return null;
      }
      if (outcome != World.Outcome.REACHED) {
        throw new IllegalArgumentException(
            "step %d of the script (%s) is %s"
                .formatted(
                    i + 1,
                    Action.text(action, world.nodes(), world.messages()),
                    outcome == World.Outcome.OUTSIDE ? "out of bounds" : "not possible"));
      }
      state = Arrays.copyOf(world.next(), world.length());
    }
    return world.withBudgets(state);
  }

  /** Whether everything within the bounds was explored. */
  private boolean search(int[] start) {
    hash.of(world, start, start.length);
    visited.add(hash.high(), hash.low(), 0, 0);
    waiting.add(0, 0, start, start.length);
    while (waiting.poll(current)) {
      int length = waiting.length();
      int count = successors.of(current, length);
      for (int i = 0; i < count; i++) {
        if (!follow(length, successors.action(i))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Takes one action in the current state; false if the search ends here. */
  private boolean follow(int length, int action) {
    World.Outcome outcome = world.apply(current, length, action);
    if (outcome == World.Outcome.BROKEN) {
      violation = reported(append(visited.pathTo(waiting.number()), action));
      return false;
    }
    if (outcome != World.Outcome.REACHED) {
      return true;
    }
    transitions++;
    hash.of(world, world.next(), world.length());
    if (!visited.add(hash.high(), hash.low(), waiting.number(), action)) {
      return true;
    }
    if (ClusterRules.check(world, world.next()) != null) {
      violation = reported(visited.pathTo(visited.size() - 1));
      return false;
    }
    depth = waiting.depth() + 1;
    if (world.length() > current.length) {
      current = Arrays.copyOf(current, world.length() * 2);
    }
    waiting.add(visited.size() - 1, depth, world.next(), world.length());
    if (visited.size() % PROGRESS_EVERY == 0) {
      progress.reached(visited.size(), transitions, depth, waiting.size());
    }
    return visited.size() < world.bounds().states();
  }

  private static int[] append(int[] path, int action) {
    int[] longer = Arrays.copyOf(path, path.length + 1);
    longer[path.length] = action;
    return longer;
  }

  /** The way to the violation, step by step. */
  private String reported(int[] path) {
    Report report = new Report(world);
    int[] state = play(report);
    for (int i = 0; state != null && i < path.length; i++) {
      report.add(path[i], world.apply(state, state.length, path[i]));
      state = Arrays.copyOf(world.next(), world.length());
    }
    return report.text();
  }
}
