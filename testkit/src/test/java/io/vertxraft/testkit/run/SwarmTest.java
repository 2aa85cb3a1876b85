package io.vertxraft.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What seeds draw. */
class SwarmTest {
  private static List<SimulationPlan> plans(Profile profile) {
    return LongStream.rangeClosed(1, 300)
        .mapToObj(seed -> Simulation.plan(seed, profile, 60_000))
        .toList();
  }

  @Test
  void everySizeAndEveryFaultIsDrawn() {
    List<SimulationPlan> plans = plans(Profile.SNAPSHOTS);

    assertThat(plans).extracting(SimulationPlan::members).contains(1, 2, 3, 4, 5, 6, 7);
    assertThat(plans)
        .flatExtracting(SimulationPlan::faults)
        .extracting(Fault::kind)
        .contains(FaultKind.values());
  }

  @Test
  void aProfileDrawsOnlyItsOwnFaults() {
    assertThat(plans(Profile.NETWORK))
        .flatExtracting(SimulationPlan::faults)
        .extracting(fault -> fault.kind().family())
        .containsOnly(FaultFamily.PARTITIONS, FaultFamily.CONNECTIONS, null);
    assertThat(plans(Profile.CALM)).flatExtracting(SimulationPlan::faults).isEmpty();
  }

  @Test
  void fewerThanHalfLoseWhatTheyConfirmedAndTheCoreIsAMajorityOfTheOthers() {
    for (SimulationPlan plan : plans(Profile.DEFAULT)) {
      List<String> damaged =
          plan.faults().stream()
              .filter(fault -> fault.kind() == FaultKind.FLIP_BIT)
              .map(Fault::node)
              .distinct()
              .toList();

      assertThat(damaged).hasSizeLessThanOrEqualTo((plan.members() - 1) / 2);
      assertThat(plan.ending().core())
          .filteredOn(member -> !damaged.contains(member))
          .hasSizeGreaterThan(plan.members() / 2);
    }
  }

  @Test
  void noOutsiderCouldLeadASecondMajority() {
    for (SimulationPlan plan : plans(Profile.DEFAULT)) {
      int quorum = plan.members() / 2 + 1;
      for (String outsider : plan.nodeIds()) {
        if (plan.ending().core().contains(outsider)) {
          continue;
        }
        long bothWays =
            plan.nodeIds().stream()
                .filter(other -> !other.equals(outsider))
                .filter(other -> !plan.ending().cuts().contains(List.of(outsider, other)))
                .filter(other -> !plan.ending().cuts().contains(List.of(other, outsider)))
                .count();
        assertThat(bothWays).isLessThan(quorum - 1L);
      }
    }
  }
}
