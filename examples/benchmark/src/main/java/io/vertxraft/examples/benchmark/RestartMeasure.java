package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.load.LoadPlan;
import io.vertxraft.examples.benchmark.member.Cluster;
import io.vertxraft.examples.benchmark.member.MemberFailure;
import io.vertxraft.examples.benchmark.peer.Library;
import io.vertxraft.examples.benchmark.report.Figure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Starts three processes whose logs hold a million small commands. */
final class RestartMeasure {
  private static final int PAYLOAD_BYTES = 16;
  private static final int COMMANDS = 1_000_000;
  private static final int IN_FLIGHT = 4_096;
  private static final long SLICE_MILLIS = 2_000;
  private static final String RUN =
      "start of three processes with 1,000,000 commands of 16 B until they run, ms";
  private static final String COMMAND = "the same until the next acknowledged command, ms";

  private final Run run;
  private final Map<Library, List<Double>> runMillis = new LinkedHashMap<>();
  private final Map<Library, List<Double>> commandMillis = new LinkedHashMap<>();

  RestartMeasure(Run run) {
    this.run = run;
  }

  void measure() throws IOException, InterruptedException {
    run.inDirectory(
        directory -> {
          Map<Library, Cluster> clusters = new LinkedHashMap<>();
          try {
            for (Library library : run.plan().libraries()) {
              fill(library, directory.resolve(library.key()), clusters);
            }
            for (int round = 1; round <= run.plan().rounds(); round++) {
              for (Library library : List.copyOf(clusters.keySet())) {
                restart(library, clusters);
              }
            }
          } finally {
            clusters.values().forEach(Cluster::close);
          }
        });
    runMillis.forEach((library, millis) -> run.add(new Figure(RUN, library.key(), millis)));
    commandMillis.forEach((library, millis) -> run.add(new Figure(COMMAND, library.key(), millis)));
  }

  private void fill(Library library, Path directory, Map<Library, Cluster> clusters)
      throws IOException, InterruptedException {
    run.tell(library.key() + ": takes " + COMMANDS + " commands");
    try {
      Cluster cluster = Cluster.start(run.synced(library, directory));
      clusters.put(library, cluster);
      LoadPlan slice =
          new LoadPlan(LoadPlan.Operation.WRITE, PAYLOAD_BYTES, IN_FLIGHT, 0, 0, SLICE_MILLIS);
      while (cluster.measure(slice).applied() < COMMANDS) {
        run.tell(library.key() + ": takes more");
      }
      cluster.killAll();
    } catch (MemberFailure failure) {
      drop(library, clusters, failure);
    }
  }

  private void restart(Library library, Map<Library, Cluster> clusters)
      throws IOException, InterruptedException {
    try {
      Cluster cluster = clusters.get(library);
      Cluster.Restarted restarted = cluster.restart();
      cluster.killAll();
      runMillis.computeIfAbsent(library, ignored -> new ArrayList<>()).add(restarted.runMillis());
      commandMillis
          .computeIfAbsent(library, ignored -> new ArrayList<>())
          .add(restarted.commandMillis());
      run.tell(
          String.format(
              Locale.ROOT,
              "%s: runs after %.0f ms, takes commands after %.0f ms",
              library.key(),
              restarted.runMillis(),
              restarted.commandMillis()));
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
}
