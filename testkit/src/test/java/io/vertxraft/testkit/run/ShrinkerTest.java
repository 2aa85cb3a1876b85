package io.vertxraft.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A failing plan becomes small, and stays what it is as JSON. */
class ShrinkerTest {
  private static final SimulationPlan PLAN = Simulation.plan(5, Profile.DEFAULT, 30_000);

  /** Pretends that a rule breaks when a crash of n1 precedes a cut, whatever else happens. */
  private static SimulationResult pretend(SimulationPlan plan) {
    boolean crashed = false;
    boolean fails = false;
    for (Fault fault : plan.faults()) {
      crashed |= fault.kind() == FaultKind.CRASH && fault.nodes().contains("n1");
      fails |= crashed && fault.kind() == FaultKind.CUT;
    }
    return new SimulationResult(
        plan, fails ? "I0" : null, fails ? "broken" : null, "", plan.ms(), 0, 0, 0, 0, null);
  }

  private static SimulationPlan failing() {
    List<Fault> faults = new java.util.ArrayList<>(PLAN.faults());
    for (int i = 0; i < 40; i++) {
      faults.add(new Fault(i, FaultKind.STALL, List.of("n1"), i));
    }
    faults.add(new Fault(100, FaultKind.CRASH, List.of("n1"), 0));
    for (int i = 0; i < 40; i++) {
      faults.add(new Fault(200 + i, FaultKind.FREEZE, List.of("n1"), i));
    }
    faults.add(new Fault(300, FaultKind.CUT, List.of("n1", "n2"), 0));
    return PLAN.withFaults(faults);
  }

  @Test
  void onlyTheFaultsThatMatterAreLeft() {
    Shrinker shrinker = new Shrinker(ShrinkerTest::pretend, 1_000);

    SimulationPlan smallest = shrinker.shrink(failing()).plan();

    assertThat(smallest.faults())
        .extracting(Fault::kind)
        .containsExactly(FaultKind.CRASH, FaultKind.CUT);
    assertThat(smallest.choices()).isEmpty();
    assertThat(smallest.links().drop()).isZero();
  }

  @Test
  void theBudgetOfRunsIsKept() {
    Shrinker shrinker = new Shrinker(ShrinkerTest::pretend, 10);

    assertThat(shrinker.shrink(failing()).ok()).isFalse();
    assertThat(shrinker.runs()).isEqualTo(10);
  }

  @Test
  void aPlanThatBreaksNoRuleIsRefused() {
    assertThatThrownBy(
            () -> new Shrinker(ShrinkerTest::pretend, 10).shrink(PLAN.withFaults(List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("breaks no rule");
  }

  @Test
  void aPlanIsTheSameRunAfterItHasBeenJson() {
    for (long seed = 1; seed <= 10; seed++) {
      SimulationPlan plan = Simulation.plan(seed, Profile.DEFAULT, 3_000);
      SimulationPlan read = SimulationPlan.fromJson(new JsonObject(plan.toJson().encode()));

      assertThat(read.toJson()).isEqualTo(plan.toJson());
      assertThat(Simulation.run(read).traceHash()).isEqualTo(Simulation.run(plan).traceHash());
    }
  }

  @Test
  void aPlanThatLacksSomethingSaysWhat() {
    JsonObject json = PLAN.toJson();
    json.remove("links");

    assertThatThrownBy(() -> SimulationPlan.fromJson(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'links'");
  }
}
