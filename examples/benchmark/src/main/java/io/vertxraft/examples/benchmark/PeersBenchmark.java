package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.load.LoadPlan;
import io.vertxraft.examples.benchmark.member.Cluster;
import io.vertxraft.examples.benchmark.member.MemberFailure;
import io.vertxraft.examples.benchmark.member.Shape;
import io.vertxraft.examples.benchmark.peer.Library;
import io.vertxraft.examples.benchmark.report.Report;
import io.vertxraft.examples.benchmark.report.Sample;
import io.vertxraft.examples.benchmark.report.Scenario;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs a plan: rounds outside, libraries inside, so that they take turns. */
final class PeersBenchmark {
  private static final int WARM_UP_IN_FLIGHT = 512;
  private static final int WARM_UP_BYTES_MAX = 8 * 1024 * 1024;
  private static final long SETTLE_MILLIS = 500;

  private final PeersPlan plan;
  private final Path place;
  private final PrintStream progress;
  private final List<Sample> samples = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();
  private final long startNanos = System.nanoTime();
  private int clusters;

  PeersBenchmark(PeersPlan plan, Path place, PrintStream progress) {
    this.plan = plan;
    this.place = place;
    this.progress = progress;
  }

  Report run() throws IOException, InterruptedException {
    for (Shape shape : plan.shapes()) {
      for (int payloadBytes : plan.payloadBytes()) {
        for (int round = 1; round <= plan.rounds(); round++) {
          for (Library library : plan.libraries()) {
            turn(library, round, plan.scenarios(shape, payloadBytes));
          }
        }
      }
    }
    return new Report(Conditions.of(plan, place), List.copyOf(samples), List.copyOf(troubles));
  }

  private void turn(Library library, int round, List<Scenario> scenarios)
      throws IOException, InterruptedException {
    if (scenarios.isEmpty()) {
      return;
    }
    clusters++;
    Path directory = Files.createTempDirectory(place, "raft-bench-" + library.key() + "-");
    try (Cluster cluster =
        Cluster.start(library, scenarios.get(0).shape(), directory, plan.jvmOptions(), true)) {
      warmUp(cluster, scenarios.get(0).payloadBytes());
      for (Scenario scenario : scenarios) {
        LoadPlan load = load(scenario, SETTLE_MILLIS, plan.seconds() * 1_000L);
        Sample sample = Sample.of(library.key(), scenario, round, cluster.measure(load));
        samples.add(sample);
        show(sample);
      }
      Directories.delete(directory);
    } catch (MemberFailure failure) {
      // What its processes printed stays where the message says it is.
      troubles.add(library.key() + ", round " + round + ": " + failure.getMessage());
      progress.println("  " + troubles.get(troubles.size() - 1));
    }
  }

  private void warmUp(Cluster cluster, int payloadBytes) throws InterruptedException {
    if (plan.warmUpSeconds() > 0) {
      int inFlight = Math.max(1, Math.min(WARM_UP_IN_FLIGHT, WARM_UP_BYTES_MAX / payloadBytes));
      cluster.measure(
          new LoadPlan(
              LoadPlan.Operation.WRITE,
              payloadBytes,
              inFlight,
              0,
              0,
              plan.warmUpSeconds() * 1_000L));
    }
  }

  private static LoadPlan load(Scenario scenario, long settleMillis, long measureMillis) {
    return new LoadPlan(
        scenario.operation(),
        scenario.payloadBytes(),
        scenario.inFlight(),
        scenario.ratePerSecond(),
        settleMillis,
        measureMillis);
  }

  private void show(Sample sample) {
    progress.printf(
        Locale.ROOT,
        "%4d s  %d/%d  %-8s %s, %s: %,.0f/s, p50 %.2f ms, p99 %.2f ms, CPU %.1f us each, %d failed%s%n",
        (System.nanoTime() - startNanos) / 1_000_000_000,
        clusters,
        plan.libraries().size() * plan.rounds() * plan.shapes().size() * plan.payloadBytes().size(),
        sample.library(),
        sample.scenario().title(),
        sample.scenario().load(),
        sample.perSecond(),
        sample.p50Micros() / 1e3,
        sample.p99Micros() / 1e3,
        sample.cpuMicros(),
        sample.failed(),
        sample.failure().isEmpty() ? "" : " (" + sample.failure() + ")");
  }
}
