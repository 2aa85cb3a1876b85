package io.vertxraft.examples.benchmark;

import io.vertxraft.examples.benchmark.member.Cluster;
import io.vertxraft.examples.benchmark.member.MemberFailure;
import io.vertxraft.examples.benchmark.peer.Library;
import io.vertxraft.examples.benchmark.report.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Kills the process of the leader, again and again, and measures how long commands have no taker.
 */
final class FailOverMeasure {
  private static final int PAYLOAD_BYTES = 128;
  private static final int ROUNDS_LEAST = 10;

  private final Run run;

  FailOverMeasure(Run run) {
    this.run = run;
  }

  void measure() throws IOException, InterruptedException {
    for (Library library : run.plan().libraries()) {
      List<Double> millis = new ArrayList<>();
      run.inDirectory(
          directory -> {
            run.tell(library.key() + ": starts and warms up");
            try (Cluster cluster = Cluster.start(run.synced(library, directory))) {
              run.warmUp(cluster, PAYLOAD_BYTES, 1);
              for (int i = 0; i < Math.max(ROUNDS_LEAST, run.plan().rounds()); i++) {
                millis.add(cluster.failOverMillis());
                run.tell(
                    String.format(
                        Locale.ROOT, "%s: fail-over %.0f ms", library.key(), millis.get(i)));
              }
            } catch (MemberFailure failure) {
              run.trouble(library, failure);
            }
          });
      run.add(
          new Figure(
              "kill -9 of the leader to the next acknowledged command, ms",
              library.key(),
              List.copyOf(millis)));
    }
  }
}
