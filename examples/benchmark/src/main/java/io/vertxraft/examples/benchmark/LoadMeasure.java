package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.load.LoadPlan;
import io.vertxraft.examples.benchmark.member.Cluster;
import io.vertxraft.examples.benchmark.member.MemberFailure;
import io.vertxraft.examples.benchmark.peer.Library;
import io.vertxraft.examples.benchmark.peer.ReadKind;
import io.vertxraft.examples.benchmark.report.Figure;
import io.vertxraft.examples.benchmark.report.Sample;
import io.vertxraft.examples.benchmark.report.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures loads: rounds outside, libraries inside, so that they take turns. */
final class LoadMeasure {
  private static final long SETTLE_MILLIS = 500;
  private static final long IDLE_MILLIS = 5_000;

  private final Run run;
  private final List<Scenario> scenarios;
  private final boolean idles;

  /** All scenarios are of the same shape, payload and number of groups, synced or not. */
  LoadMeasure(Run run, List<Scenario> scenarios) {
    this(run, scenarios, false);
  }

  /**
   * All scenarios are of the same shape, payload and number of groups, synced or not.
   *
   * @param idles whether to measure what clusters use without any load, too
   */
  LoadMeasure(Run run, List<Scenario> scenarios, boolean idles) {
    this.run = run;
    this.scenarios = scenarios;
    this.idles = idles;
  }

  void measure() throws IOException, InterruptedException {
    if (scenarios.isEmpty()) {
      return;
    }
    int rounds = run.plan().rounds();
    if (run.plan().fresh()) {
      for (int round = 1; round <= rounds; round++) {
        int only = round;
        run.inDirectory(directory -> compare(directory, only, only));
      }
    } else {
      run.inDirectory(directory -> compare(directory, 1, rounds));
    }
  }

  /** Runs rounds on fresh clusters: one per library, all warmed up before anything is measured. */
  private void compare(Path directory, int firstRound, int lastRound)
      throws IOException, InterruptedException {
    Map<Library, Cluster> clusters = new LinkedHashMap<>();
    try {
      for (Library library : run.plan().libraries()) {
        if (scenarios.stream().anyMatch(scenario -> can(library, scenario))) {
          start(library, directory.resolve(library.key()), clusters);
        }
      }
      // The first is for warming up, since each load has its own paths through the code.
      for (int round = firstRound - 1; round <= lastRound; round++) {
        for (Scenario scenario : scenarios) {
          for (Library library : List.copyOf(clusters.keySet())) {
            if (can(library, scenario)) {
              turn(library, clusters, scenario, round, round >= firstRound);
            }
          }
        }
      }
      if (idles) {
        for (Library library : List.copyOf(clusters.keySet())) {
          idle(library, clusters);
        }
      }
    } finally {
      clusters.values().forEach(Cluster::close);
    }
  }

  private static boolean can(Library library, Scenario scenario) {
    boolean operation =
        switch (scenario.operation()) {
          case WRITE -> true;
          case READ_INDEX -> library.can(ReadKind.READ_INDEX);
          case LEASE -> library.can(ReadKind.LEASE);
        };
    return operation
        && (scenario.synced() || library.canSkipSync())
        && (scenario.groups() == 1 || library.canHaveGroups());
  }

  private void start(Library library, Path directory, Map<Library, Cluster> clusters)
      throws IOException, InterruptedException {
    run.tell(library.key() + ": starts and warms up");
    Scenario first = scenarios.get(0);
    try {
      Cluster cluster =
          Cluster.start(
              new Cluster.Spec(
                  library,
                  first.shape(),
                  directory,
                  run.plan().jvmOptions(),
                  first.groups(),
                  first.synced()));
      clusters.put(library, cluster);
      run.warmUp(cluster, first.payloadBytes(), first.groups());
    } catch (MemberFailure failure) {
      drop(library, clusters, failure);
    }
  }

  private void turn(
      Library library,
      Map<Library, Cluster> clusters,
      Scenario scenario,
      int round,
      boolean counted)
      throws InterruptedException {
    LoadPlan load =
        new LoadPlan(
            scenario.operation(),
            scenario.payloadBytes(),
            Math.max(1, scenario.inFlight() / scenario.groups()),
            scenario.ratePerSecond(),
            SETTLE_MILLIS,
            run.plan().seconds() * 1_000L);
    try {
      Sample sample =
          Sample.of(library.key(), scenario, round, clusters.get(library).measure(load));
      if (counted) {
        run.add(sample);
      }
      run.tell((counted ? "round " + round : "warm-up") + ", " + line(sample));
    } catch (MemberFailure failure) {
      drop(library, clusters, failure);
    }
  }

  private void idle(Library library, Map<Library, Cluster> clusters) throws InterruptedException {
    String groups = Scenario.groups(scenarios.get(0).groups());
    try {
      Cluster.Idle idle = clusters.get(library).idle(IDLE_MILLIS);
      run.add(
          new Figure(
              "CPU of all processes without load, % of a core",
              library.key() + ", " + groups, List.of(idle.cores() * 100)));
      run.add(
          new Figure(
              "heap of all processes after a collection, MiB",
              library.key() + ", " + groups,
              List.of(idle.heapBytes() / 1048576.0)));
      run.tell(
          String.format(
              Locale.ROOT,
              "%s, %s, no load: %.1f %% of a core, heap %d MiB",
              library.key(),
              groups,
              idle.cores() * 100,
              idle.heapBytes() >> 20));
    } catch (MemberFailure failure) {
      drop(library, clusters, failure);
    }
  }

  private void drop(Library library, Map<Library, Cluster> clusters, MemberFailure failure) {
    run.trouble(library, failure);
    Cluster cluster = clusters.remove(library);
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String line(Sample sample) {
    return String.format(
        Locale.ROOT,
        "%s, %s: %s %,.0f/s, p50 %.2f ms, p99 %.2f ms, CPU %.1f us each, %d failed%s",
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
}
