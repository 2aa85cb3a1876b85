package io.vertxraft.testkit.explore;

/**
 * How far an exploration goes. Everything inside the bounds is tried in every order; nothing
 * outside is.
 *
 * <p>Losing messages has no bound and needs no action: a message may stay undelivered for ever, and
 * no safety rule can tell that from a lost one.
 *
 * @param nodes members, all voters: 1 to 5
 * @param terms highest term
 * @param entries longest log, the leaders' no-ops included
 * @param values client commands proposed, each to whatever member leads
 * @param timeouts election timeouts
 * @param heartbeats times a leader's heartbeat interval passes
 * @param restarts crashes, each followed by a restart from what is durable
 * @param duplicates messages delivered once more than they were sent
 * @param slowWrites writes that are not durable at once but at any time later, and that a crash in
 *     between may lose
 * @param reprobes times a leader gives up waiting for acknowledgements of one follower
 * @param entriesPerAppend entries per AppendEntries
 * @param inFlight messages on their way at one time; whenever there are more, some of them are lost
 *     at once, whichever
 * @param preVoteMessages whether the messages of a pre-vote are delivered one by one; else a
 *     campaign asks any choice of voters in one step
 * @param symmetry whether states that differ only in who is who count as one
 * @param states distinct states after which the exploration stops
 */
public record Bounds(
    int nodes,
    int terms,
    int entries,
    int values,
    int timeouts,
    int heartbeats,
    int restarts,
    int duplicates,
    int slowWrites,
    int reprobes,
    int entriesPerAppend,
    int inFlight,
    boolean preVoteMessages,
    boolean symmetry,
    int states) {

  /** Largest value of a bound that counts events. */
  public static final int COUNT_MAX = 15;

  /** Most members; they are called a, b, c, d, e. */
  public static final int NODES_MAX = 5;

  private static final int SYMMETRY_NODES_MAX = 4;
  private static final int TERMS_MAX = 8;

  /**
   * Checks every bound.
   *
   * @throws IllegalArgumentException naming the bound that is out of range, and the range
   */
  public Bounds {
    check("nodes", nodes, 1, NODES_MAX);
    check("terms", terms, 1, TERMS_MAX);
    check("entries", entries, 1, COUNT_MAX);
    check("values", values, 0, COUNT_MAX);
    check("timeouts", timeouts, 0, COUNT_MAX);
    check("heartbeats", heartbeats, 0, COUNT_MAX);
    check("restarts", restarts, 0, COUNT_MAX);
    check("duplicates", duplicates, 0, COUNT_MAX);
    check("slowWrites", slowWrites, 0, COUNT_MAX);
    check("reprobes", reprobes, 0, COUNT_MAX);
    check("entriesPerAppend", entriesPerAppend, 1, COUNT_MAX);
    check("inFlight", inFlight, 1, Integer.MAX_VALUE);
    check("states", states, 1, VisitedStates.MAX);
    if (symmetry && nodes > SYMMETRY_NODES_MAX) {
      throw new IllegalArgumentException(
          "symmetry compares all orders of the nodes and is for at most %d of them, not %d: turn it off"
              .formatted(SYMMETRY_NODES_MAX, nodes));
    }
  }

  private static void check(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is %d, but must be between %d and %d".formatted(name, value, min, max));
    }
  }

  /** Three members, four terms, six entries, two values, two elections; no faults but loss. */
  public static Builder builder() {
    return new Builder();
  }

  /** These bounds, to be changed. */
  public Builder toBuilder() {
    return new Builder()
        .nodes(nodes)
        .terms(terms)
        .entries(entries)
        .values(values)
        .timeouts(timeouts)
        .heartbeats(heartbeats)
        .restarts(restarts)
        .duplicates(duplicates)
        .slowWrites(slowWrites)
        .reprobes(reprobes)
        .entriesPerAppend(entriesPerAppend)
        .inFlight(inFlight)
        .preVoteMessages(preVoteMessages)
        .symmetry(symmetry)
        .states(states);
  }

  /** Collects bounds; each method sets the one it is named after. */
  public static final class Builder {
    private int nodes = 3;
    private int terms = 4;
    private int entries = 6;
    private int values = 2;
    private int timeouts = 2;
    private int heartbeats;
    private int restarts;
    private int duplicates;
    private int slowWrites;
    private int reprobes;
    private int entriesPerAppend = 2;
    private int inFlight = 64;
    private boolean preVoteMessages;
    private boolean symmetry = true;
    private int states = 10_000_000;

    private Builder() {}

    /** Members; more than four cannot be combined with {@link #symmetry}. */
    public Builder nodes(int count) {
      nodes = count;
      return this;
    }

    /** Highest term. */
    public Builder terms(int highest) {
      terms = highest;
      return this;
    }

    /** Longest log. */
    public Builder entries(int count) {
      entries = count;
      return this;
    }

    /** Client commands. */
    public Builder values(int count) {
      values = count;
      return this;
    }

    /** Election timeouts. */
    public Builder timeouts(int count) {
      timeouts = count;
      return this;
    }

    /** Heartbeat intervals. */
    public Builder heartbeats(int count) {
      heartbeats = count;
      return this;
    }

    /** Crashes. */
    public Builder restarts(int count) {
      restarts = count;
      return this;
    }

    /** Messages delivered twice. */
    public Builder duplicates(int count) {
      duplicates = count;
      return this;
    }

    /** Writes that take their time. */
    public Builder slowWrites(int count) {
      slowWrites = count;
      return this;
    }

    /** Followers found stuck. */
    public Builder reprobes(int count) {
      reprobes = count;
      return this;
    }

    /** Entries per AppendEntries. */
    public Builder entriesPerAppend(int count) {
      entriesPerAppend = count;
      return this;
    }

    /** Messages on their way at one time. */
    public Builder inFlight(int count) {
      inFlight = count;
      return this;
    }

    /** Whether pre-votes travel as messages. */
    public Builder preVoteMessages(boolean oneByOne) {
      preVoteMessages = oneByOne;
      return this;
    }

    /** Whether who is who does not matter. */
    public Builder symmetry(boolean on) {
      symmetry = on;
      return this;
    }

    /** Distinct states to stop at. */
    public Builder states(int count) {
      states = count;
      return this;
    }

    /**
     * The bounds.
     *
     * @throws IllegalArgumentException naming the bound that is out of range
     */
    public Bounds build() {
      return new Bounds(
          nodes,
          terms,
          entries,
          values,
          timeouts,
          heartbeats,
          restarts,
          duplicates,
          slowWrites,
          reprobes,
          entriesPerAppend,
          inFlight,
          preVoteMessages,
          symmetry,
          states);
    }
  }
}
