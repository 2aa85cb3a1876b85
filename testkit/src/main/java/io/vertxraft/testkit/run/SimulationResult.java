package io.vertxraft.testkit.run;

/**
 * What a run came to.
 *
 * @param plan what was run
 * @param rule id of the broken rule, or null if none was
 * @param violation report of what went wrong, or null if nothing did
 * @param traceHash hash over everything that happened
 * @param virtualMs virtual time that passed
 * @param events events executed
 * @param applied commands the clients know to be applied
 * @param rejected commands that were rejected
 * @param unknown commands without a known outcome
 * @param coverage marks reached
 */
public record SimulationResult(
    SimulationPlan plan,
    String rule,
    String violation,
    String traceHash,
    long virtualMs,
    long events,
    long applied,
    long rejected,
    long unknown,
    Coverage coverage) {
  /** Whether nothing went wrong. */
  public boolean ok() {
    return violation == null;
  }

  /** What went wrong, in one line; empty if nothing did. */
  public String headline() {
    return ok() ? "" : violation.lines().findFirst().orElse("");
  }

  /** The run's seed. */
  public long seed() {
    return plan.seed();
  }

  @Override
  public String toString() {
    return "seed %d: %s, trace %s, %d ms, %d events, %d applied, %d rejected, %d unknown"
        .formatted(
            seed(),
            ok() ? "ok" : "VIOLATION of " + rule,
            traceHash,
            virtualMs,
            events,
            applied,
            rejected,
            unknown);
  }
}
