package io.vertxraft.examples.benchmark.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.examples.benchmark.load.LoadPlan;
import io.vertxraft.examples.benchmark.load.LoadPlan.Operation;
import io.vertxraft.examples.benchmark.peer.Library;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A small real cluster. */
class ClusterTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(names = {"OURS", "MICRORAFT"})
  void threeMembersInOneProcessTakeALoadAndSayWhatItTook(Library library) throws Exception {
    LoadPlan plan = new LoadPlan(Operation.WRITE, 16, 4, 0, 0, 200);
    try (Cluster cluster =
        Cluster.start(library, Shape.A, directory, List.of("-Xmx256m"), true)) {
      Cluster.Measured measured = cluster.measure(plan);
      assertThat(measured.load().acknowledged()).isPositive();
      assertThat(measured.load().failed()).isZero();
      assertThat(measured.cpuNanos()).isPositive();
      assertThat(measured.leaderAllocatedBytes()).isPositive();
      assertThat(measured.applied()).isGreaterThanOrEqualTo(measured.load().acknowledged());
    }
  }
}
