package io.vertxraft.testkit.explore;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Explores one scope: {@code ExplorerMain [preset [bound=number ...]]}, such as {@code ExplorerMain
 * broad states=1000000 restarts=0}. Without arguments explores {@link Preset#BROAD}. Exits with 1
 * if a rule is broken, after it has printed the way there; with 2 if the arguments make no sense.
 */
public final class ExplorerMain {
  private ExplorerMain() {}

  /** See the class comment. */
  public static void main(String[] arguments) {
    try {
      System.exit(run(System.out, arguments) ? 0 : 1);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  /**
   * Does what {@link #main} does, without ending the process.
   *
   * @return whether no rule was broken
   * @throws IllegalArgumentException naming the argument that makes no sense
   */
  public static boolean run(PrintStream out, String... arguments) {
    Preset preset = arguments.length > 0 ? Preset.of(arguments[0]) : Preset.BROAD;
    Bounds.Builder builder = preset.bounds().toBuilder();
    for (int i = 1; i < arguments.length; i++) {
      set(builder, arguments[i]);
    }
    Bounds bounds = builder.build();
    out.printf(Locale.ROOT, "%s: %s%n", preset, bounds);
    long start = System.nanoTime();
    Result result =
        Explorer.explore(
            bounds,
            preset.script(),
            (states, transitions, depth, waiting) ->
                out.printf(
                    Locale.ROOT,
                    "%,d states, %,d transitions, depth %d, %,d waiting, %,.0f states/s%n",
                    states,
                    transitions,
                    depth,
                    waiting,
                    states / seconds(start)));
    out.printf(Locale.ROOT, "%s%nmarks: %s%n%.1f s%n", result, result.marks(), seconds(start));
    return result.ok();
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void set(Bounds.Builder builder, String argument) {
    int sign = argument.indexOf('=');
    String name = sign < 0 ? argument : argument.substring(0, sign);
    int value = number(argument, argument.substring(sign + 1));
    switch (name) {
      case "nodes" -> builder.nodes(value);
      case "terms" -> builder.terms(value);
      case "entries" -> builder.entries(value);
      case "values" -> builder.values(value);
      case "timeouts" -> builder.timeouts(value);
      case "heartbeats" -> builder.heartbeats(value);
      case "restarts" -> builder.restarts(value);
      case "duplicates" -> builder.duplicates(value);
      case "slowWrites" -> builder.slowWrites(value);
      case "reprobes" -> builder.reprobes(value);
      case "entriesPerAppend" -> builder.entriesPerAppend(value);
      case "inFlight" -> builder.inFlight(value);
      case "preVoteMessages" -> builder.preVoteMessages(value != 0);
      case "symmetry" -> builder.symmetry(value != 0);
      case "states" -> builder.states(value);
      default ->
          throw new IllegalArgumentException(
              "no bound is called %s; see the components of %s".formatted(name, Bounds.class));
    }
  }

  private static int number(String argument, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(argument + " is not of the form bound=number", e);
    }
  }
}
