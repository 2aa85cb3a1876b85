package io.vertxraft.testkit.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

/** What no trace reaches, because another rule breaks first. */
class SpecHistoryTest {
  @Test
  void twoLeadersInATerm() {
    // Two quorums in a term share a voter, whose second vote is found before its effect.
    SpecJudge judge = new SpecJudge();
    judge.begin(new TraceEvent.Stop(0, "n2", "test"));
    SpecHistory history = new SpecHistory(judge);
    history.leads("n1", 1);
    history.leads("n1", 1);

    SpecViolation violation =
        catchThrowableOfType(SpecViolation.class, () -> history.leads("n2", 1));

    assertThat(violation.rule()).isEqualTo(SpecRule.ONE_LEADER);
  }
}
