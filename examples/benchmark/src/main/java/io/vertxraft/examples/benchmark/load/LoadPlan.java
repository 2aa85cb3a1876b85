package io.vertxraft.examples.benchmark.load;

/**
 * What load to make.
 *
 * @param kind what each operation does
 * @param payloadBytes of each command
 * @param inFlight operations under way at any time; for an open loop the most there may be
 * @param ratePerSecond operations begun per second whether or not others have ended; 0 for a closed
 *     loop, which begins one when one has ended
 * @param settleMillis how long the load runs before it is measured
 * @param measureMillis how long it is measured
 */
public record LoadPlan(
    Operation kind,
    int payloadBytes,
    int inFlight,
    int ratePerSecond,
    long settleMillis,
    long measureMillis) {
  /** What an operation does. */
  public enum Operation {
    /** Replicates a command. */
    WRITE,
    /** Reads by asking a majority. */
    READ_INDEX,
    /** Reads by lease. */
    LEASE
  }

  /** As one word, for the command line of a member. */
  public String encode() {
    return String.join(
        ":",
        kind.name(),
        Integer.toString(payloadBytes),
        Integer.toString(inFlight),
        Integer.toString(ratePerSecond),
        Long.toString(settleMillis),
        Long.toString(measureMillis));
  }

  /** What {@link #encode} gave. */
  public static LoadPlan decode(String word) {
    String[] parts = word.split(":", -1);
    return new LoadPlan(
        Operation.valueOf(parts[0]),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Integer.parseInt(parts[3]),
        Long.parseLong(parts[4]),
        Long.parseLong(parts[5]));
  }
}
