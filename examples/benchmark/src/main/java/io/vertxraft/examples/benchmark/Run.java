package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.load.LoadPlan;
import io.vertxraft.examples.benchmark.member.Cluster;
import io.vertxraft.examples.benchmark.member.MemberFailure;
import io.vertxraft.examples.benchmark.member.Shape;
import io.vertxraft.examples.benchmark.peer.Library;
import io.vertxraft.examples.benchmark.report.Figure;
import io.vertxraft.examples.benchmark.report.Report;
import io.vertxraft.examples.benchmark.report.Sample;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What measurements share: the plan, a place for data, what has come of them, and progress. */
final class Run {
  private static final int WARM_UP_IN_FLIGHT = 512;
  private static final int WARM_UP_BYTES_MAX = 8 * 1024 * 1024;

  private final PeersPlan plan;
  private final Path place;
  private final PrintStream progress;
  private final List<Sample> samples = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();
  private final long startNanos = System.nanoTime();

  Run(PeersPlan plan, Path place, PrintStream progress) {
    this.plan = plan;
    this.place = place;
    this.progress = progress;
  }

  PeersPlan plan() {
    return plan;
  }

  /** A step that may fail because a member does. */
  interface Step {
    void run(Path directory) throws IOException, InterruptedException;
  }

  /** Takes a step with a directory of its own, which stays if there was any trouble. */
  void inDirectory(Step step) throws IOException, InterruptedException {
    int troublesBefore = troubles.size();
    Path directory = Files.createTempDirectory(place, "raft-bench-");
    step.run(directory);
    if (troubles.size() == troublesBefore) {
      Directories.delete(directory);
    }
  }

  /** One group in three processes that syncs. */
  Cluster.Spec synced(Library library, Path directory) {
    return new Cluster.Spec(library, Shape.B, directory, plan.jvmOptions(), 1, true);
  }

  void warmUp(Cluster cluster, int payloadBytes, int groups) throws InterruptedException {
    if (plan.warmUpSeconds() > 0) {
      int inFlightInAll = Math.min(WARM_UP_IN_FLIGHT, WARM_UP_BYTES_MAX / payloadBytes);
      int inFlight = Math.max(1, inFlightInAll / groups);
      long millis = plan.warmUpSeconds() * 1_000L;
      cluster.measure(new LoadPlan(LoadPlan.Operation.WRITE, payloadBytes, inFlight, 0, 0, millis));
    }
  }

  void add(Sample sample) {
    samples.add(sample);
  }

  void add(Figure figure) {
    figures.add(figure);
  }

  void trouble(Library library, MemberFailure failure) {
    troubles.add(library.key() + ": " + failure.getMessage());
    tell(troubles.get(troubles.size() - 1));
  }

  void tell(String line) {
    progress.printf(
        Locale.ROOT, "%4d s  %s%n", (System.nanoTime() - startNanos) / 1_000_000_000, line);
  }

  Report report() throws IOException {
    return new Report(
        Conditions.of(plan, place),
        List.copyOf(samples),
        List.copyOf(figures),
        List.copyOf(troubles));
  }
}
