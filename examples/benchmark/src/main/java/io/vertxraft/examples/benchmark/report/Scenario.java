package io.vertxraft.examples.benchmark.report;

import io.vertxraft.examples.benchmark.load.LoadPlan;
import io.vertxraft.examples.benchmark.member.Shape;

/**
 * What peers are compared at.
 *
 * @param groups that share the processes
 * @param inFlight in all groups together
 * @param ratePerSecond of an open loop; 0 for a closed one with {@code inFlight} under way
 */
public record Scenario(
    LoadPlan.Operation operation,
    Shape shape,
    int groups,
    boolean synced,
    int payloadBytes,
    int inFlight,
    int ratePerSecond) {
  /** The load as a person reads it. */
  public String load() {
    return ratePerSecond == 0
        ? number(inFlight) + " in flight"
        : number(ratePerSecond) + "/s offered";
  }

  /** All but the load as a person reads it. */
  public String title() {
    return switch (operation) {
          case WRITE -> "Commands of " + number(payloadBytes) + " B";
          case READ_INDEX -> "Reads confirmed by a majority (ReadIndex)";
          case LEASE -> "Reads by lease";
        }
        + (shape == Shape.A ? ", one JVM" : ", three JVMs")
        + (groups == 1 ? "" : ", " + groups(groups))
        + (synced ? "" : ", not synced");
  }

  /** How many groups as a person reads it. */
  public static String groups(int count) {
    return number(count) + (count == 1 ? " group" : " groups");
  }

  private static String number(int value) {
    return Numbers.grouped(value);
  }
}
