package io.vertxraft.testkit.oracle;

/** A rule was broken in a simulation. The message says which, when, and how to see it again. */
public final class Violation extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String oracleId;
  private final long seed;
  private final long timeNanos;

  /**
   * Creates the violation.
   *
   * @param oracleId short id of the rule, such as {@code I1}
   * @param detail what was seen
   * @param seed seed of the run
   * @param timeNanos virtual time of the step
   * @param cause what was thrown, or null
   */
  public Violation(String oracleId, String detail, long seed, long timeNanos, Throwable cause) {
    super(
        "%s: %s [seed 0x%s, virtual time %d.%09d s]"
            .formatted(
                oracleId,
                detail,
                Long.toHexString(seed),
                timeNanos / 1_000_000_000L,
                timeNanos % 1_000_000_000L),
        cause);
    this.oracleId = oracleId;
    this.seed = seed;
    this.timeNanos = timeNanos;
  }

  /** Short id of the broken rule. */
  public String oracleId() {
    return oracleId;
  }

  /** Seed of the run. */
  public long seed() {
    return seed;
  }

  /** Virtual time of the step that broke it, in nanoseconds since the start. */
  public long timeNanos() {
    return timeNanos;
  }
}
