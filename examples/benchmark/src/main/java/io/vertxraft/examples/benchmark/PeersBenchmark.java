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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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

  PeersBenchmark(PeersPlan plan, Path place, PrintStream progress) {
    this.plan = plan;
    this.place = place;
    this.progress = progress;
  }

  Report run() throws IOException, InterruptedException {
    for (Shape shape : plan.shapes()) {
      for (int payloadBytes : plan.payloadBytes()) {
        List<Scenario> scenarios = plan.scenarios(shape, payloadBytes);
        if (scenarios.isEmpty()) {
          continue;
        }
        if (plan.fresh()) {
          for (int round = 1; round <= plan.rounds(); round++) {
            compare(scenarios, round, round);
          }
        } else {
          compare(scenarios, 1, plan.rounds());
        }
      }
    }
    return new Report(Conditions.of(plan, place), List.copyOf(samples), List.copyOf(troubles));
  }

  /** Runs rounds on fresh clusters: one per library, all warmed up before anything is measured. */
  private void compare(List<Scenario> scenarios, int firstRound, int lastRound)
      throws IOException, InterruptedException {
    Map<Library, Cluster> clusters = new LinkedHashMap<>();
    Path directory = Files.createTempDirectory(place, "raft-bench-");
    int troublesBefore = troubles.size();
    try {
      for (Library library : plan.libraries()) {
        start(library, directory.resolve(library.key()), scenarios.get(0), clusters);
      }
      for (int round = firstRound; round <= lastRound; round++) {
        for (Scenario scenario : scenarios) {
          for (Library library : List.copyOf(clusters.keySet())) {
            measure(library, clusters, scenario, round);
          }
        }
      }
    } finally {
      clusters.values().forEach(Cluster::close);
    }
    if (troubles.size() == troublesBefore) {
      // Otherwise what the processes printed stays where the messages say it is.
      Directories.delete(directory);
    }
  }

  private void start(
      Library library, Path directory, Scenario first, Map<Library, Cluster> clusters)
      throws IOException, InterruptedException {
    tell("%s: starts and warms up", library.key());
    try {
      Cluster cluster = Cluster.start(library, first.shape(), directory, plan.jvmOptions(), true);
      clusters.put(library, cluster);
      warmUp(cluster, first.payloadBytes());
    } catch (MemberFailure failure) {
      drop(library, clusters, failure);
    }
  }

  private void measure(
      Library library, Map<Library, Cluster> clusters, Scenario scenario, int round)
      throws InterruptedException {
    LoadPlan load = load(scenario, SETTLE_MILLIS, plan.seconds() * 1_000L);
    try {
      Sample sample =
          Sample.of(library.key(), scenario, round, clusters.get(library).measure(load));
      samples.add(sample);
      show(sample);
    } catch (MemberFailure failure) {
      drop(library, clusters, failure);
    }
  }

  private void drop(Library library, Map<Library, Cluster> clusters, MemberFailure failure) {
    troubles.add(library.key() + ": " + failure.getMessage());
    tell("%s", troubles.get(troubles.size() - 1));
    Cluster cluster = clusters.remove(library);
    if (cluster != null) {
      cluster.close();
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
    tell(
        "round %d, %s, %s: %s %,.0f/s, p50 %.2f ms, p99 %.2f ms, CPU %.1f us each, %d failed%s",
        sample.round(),
        sample.scenario().title(),
        sample.scenario().load(),
        sample.library(),
        sample.perSecond(),
        sample.p50Micros() / 1e3,
        sample.p99Micros() / 1e3,
        sample.cpuMicros(),
        sample.failed(),
        sample.failure().isEmpty() ? "" : " (" + sample.failure() + ")");
  }

  private void tell(String format, Object... values) {
    long seconds = (System.nanoTime() - startNanos) / 1_000_000_000;
    progress.printf(Locale.ROOT, "%4d s  ", seconds);
    progress.printf(Locale.ROOT, format + "%n", values);
  }
}
