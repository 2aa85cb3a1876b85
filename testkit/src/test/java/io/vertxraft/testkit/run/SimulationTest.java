package io.vertxraft.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.testkit.run.SimulationPlan.Links;
import io.vertxraft.testkit.run.SimulationPlan.Load;
import io.vertxraft.testkit.spec.SpecAction;
import io.vertxraft.testkit.spec.SpecReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The real node in simulated worlds, under all rules.
 *
 * <p>System properties: {@code sim.first} and {@code sim.seeds} choose the batch, {@code
 * sim.seconds} its virtual length. For a single seed in detail there is the command line.
 */
class SimulationTest {
  private static final long MS = 1_000 * Long.getLong("sim.seconds", 60);
  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final int SPEC_SEEDS = 60;

  @Test
  void noRuleIsBrokenInAnyRunOfTheBatchAndEveryMarkIsReached() throws InterruptedException {
    long first = Long.getLong("sim.first", 1);
    int count = Integer.getInteger("sim.seeds", 1_000);

    SimulationBatch.Summary summary =
        new SimulationBatch(seed -> Simulation.run(seed, MS), THREADS, s -> {})
            .run(first, first + count - 1, 1);

    for (SimulationResult failure : summary.failures()) {
      throw new AssertionError(failure + System.lineSeparator() + failure.violation());
    }
    // A batch in which hardly anything was written, or a corner was missed, proves little.
    assertThat(summary.applied()).isGreaterThan(MS / 1_000 * count);
    assertThat(summary.coverage().missed(Profile.DEFAULT)).as("marks missed").isEmpty();
    System.out.printf(
        "%d seeds at %.0f times real time on %d threads%n",
        summary.seeds(), summary.rate(), THREADS);
  }

  @Test
  void everyStepOfTheRunsIsLegalByTheSpecification() {
    Map<SpecAction, Long> seen = new EnumMap<>(SpecAction.class);
    for (long seed = 1; seed <= SPEC_SEEDS; seed++) {
      Recording recording = Recording.againstSpecification();

      SimulationResult result =
          Simulation.run(Simulation.plan(seed, Profile.DEFAULT, 20_000), recording);

      assertThat(result.ok()).as("%s%n%s", result, result.violation()).isTrue();
      SpecReport report = recording.report();
      report.actions().forEach((action, count) -> seen.merge(action, count, Long::sum));
    }
    assertThat(seen.keySet()).containsAll(EnumSet.complementOf(EnumSet.of(SpecAction.NOTHING)));
  }

  @Test
  void aRecordedRunIsTheSameRun() {
    for (long seed = 1; seed <= 5; seed++) {
      SimulationPlan plan = Simulation.plan(seed, Profile.DEFAULT, 10_000);

      assertThat(Simulation.run(plan, Recording.againstSpecification()).traceHash())
          .isEqualTo(Simulation.run(plan).traceHash());
    }
  }

  @Test
  void aQuietWorldElectsOnceAndLosesNothing() {
    SimulationPlan calm = Simulation.plan(3, Profile.CALM, 60_000, 3).withChoices(List.of());
    // On connections nothing overtakes anything.
    SimulationResult result =
        Simulation.run(calm.withLinks(new Links(1_000_000, 100_000, true, 0, 0, 0, 1, 0)));

    assertThat(result.ok()).as("%s", result.violation()).isTrue();
    assertThat(result.unknown()).isZero();
    assertThat(result.coverage().count("CHECK_QUORUM_STEP_DOWN")).isZero();
    assertThat(result.coverage().count("LEADER_DEPOSED")).isZero();
  }

  /** One message in a hundred is lost and each takes 20 ms: no reason to change the leader. */
  @Test
  void twentyMinutesOfMildTroubleDeposeNobody() {
    SimulationPlan calm = Simulation.plan(3, Profile.CALM, 1_200_000, 3).withChoices(List.of());
    SimulationPlan mild =
        calm.withLinks(new Links(20_000_000, 2_000_000, false, 0.01, 0, 0, 1, 0))
            .withLoad(new Load(1, 64, 0))
            .withOptions(
                calm.options()
                    .setElectionTimeoutMs(1_000)
                    .setHeartbeatIntervalMs(150)
                    .setForwardToLeader(true));

    SimulationResult result = Simulation.run(mild);

    assertThat(result.ok()).as("%s", result.violation()).isTrue();
    assertThat(result.coverage().count("CHECK_QUORUM_STEP_DOWN")).isZero();
    assertThat(result.coverage().count("LEADER_DEPOSED")).isZero();
    assertThat(result.applied()).isGreaterThan(1_000);
  }

  @Test
  void theSameSeedGivesTheSameTraceInAnotherJvm() throws IOException, InterruptedException {
    for (long seed : new long[] {7, 8, 9}) {
      String here = Simulation.run(seed, 20_000).traceHash();

      assertThat(traceHashInAnotherJvm(seed, 20_000)).as("seed %d", seed).isEqualTo(here);
    }
  }

  @Test
  void differentSeedsGiveDifferentTraces() {
    assertThat(Simulation.run(7, 5_000).traceHash())
        .isNotEqualTo(Simulation.run(8, 5_000).traceHash());
  }

  private static String traceHashInAnotherJvm(long seed, long ms)
      throws IOException, InterruptedException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TraceHash.class.getName(),
                Long.toString(seed),
                Long.toString(ms))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
      String hash = out.readLine();
      assertThat(jvm.waitFor()).isZero();
      return hash;
    }
  }

  /** Prints the trace hash of a run. */
  static final class TraceHash {
    private TraceHash() {}

    public static void main(String[] arguments) {
      System.out.println(
          Simulation.run(Long.parseLong(arguments[0]), Long.parseLong(arguments[1])).traceHash());
    }
  }
}
