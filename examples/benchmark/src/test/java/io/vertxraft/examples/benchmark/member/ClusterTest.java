package io.vertxraft.examples.benchmark.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertxraft.examples.benchmark.load.LoadPlan;
import io.vertxraft.examples.benchmark.load.LoadPlan.Operation;
import io.vertxraft.examples.benchmark.peer.Library;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A small real cluster. */
class ClusterTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"OURS, 1", "OURS, 3", "MICRORAFT, 1", "ETCD, 1"})
  void threeMembersInOneProcessTakeALoadAndSayWhatItTook(Library library, int groups)
      throws Exception {
    assumeThat(library.missing()).isEmpty();
    try (Cluster cluster = Cluster.start(spec(library, groups))) {
      Cluster.Measured measured = measure(cluster);
      assertThat(measured.load().acknowledged()).isPositive();
      assertThat(measured.load().failed()).isZero();
      assertThat(measured.cpuNanos()).isPositive();
      assertThat(measured.leaderAllocatedBytes()).isPositive();
      assertThat(measured.applied()).isGreaterThanOrEqualTo(measured.load().acknowledged());
      assertThat(cluster.idle(10).heapBytes()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OURS", "ETCD"})
  void whatWasKilledRunsAgainWithAllThatItHad(Library library) throws Exception {
    assumeThat(library.missing()).isEmpty();
    try (Cluster cluster = Cluster.start(spec(library, 1))) {
      long before = measure(cluster).applied();
      assertThat(cluster.restart().commandMillis()).isPositive();
      assertThat(measure(cluster).applied()).isGreaterThan(before);
    }
  }

  /** Measures until anything has ended while it was measured: a cold process needs its time. */
  private static Cluster.Measured measure(Cluster cluster) throws InterruptedException {
    LoadPlan plan = new LoadPlan(Operation.WRITE, 16, 4, 0, 0, 200);
    Cluster.Measured measured = cluster.measure(plan);
    while (measured.load().acknowledged() + measured.load().failed() == 0) {
      measured = cluster.measure(plan);
    }
    return measured;
  }

  private Cluster.Spec spec(Library library, int groups) {
    return new Cluster.Spec(library, Shape.A, directory, List.of("-Xmx256m"), groups, true);
  }
}
