package io.vertxraft.testkit.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.testkit.linearizability.RegisterModel.Input;
import io.vertxraft.testkit.linearizability.RegisterModel.Read;
import io.vertxraft.testkit.linearizability.RegisterModel.Write;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people get to read when a history is not linearizable. */
class ReportTest {
  private static final long MS = 1_000_000;

  private final List<Operation<Input<String>, Object>> history = new ArrayList<>();

  private void add(int client, Input<String> input, Object output, long callMs, long returnMs) {
    history.add(new Operation<>(client, "x", input, output, callMs * MS, returnMs * MS));
  }

  private CheckResult check() {
    return new LinearizabilityChecker().add(new RegisterModel<>(), history).check();
  }

  @Test
  void theReportShowsTheFirstBadAnswerAmongWhatOverlapsIt() {
    add(1, new Write<>("a"), null, 1, 2);
    add(1, new Write<>("b"), null, 3, 4);
    add(2, new Write<>("c"), null, 5, 9);
    add(3, new Read<>(), "a", 6, 8);
    history.add(Operation.unknown(4, "x", new Write<>("d"), 7 * MS));
    add(1, new Read<>(), "nonsense that comes later", 20, 21);

    CheckResult result = check();

    assertThat(result.verdict()).isEqualTo(Verdict.NOT_LINEARIZABLE);
    assertThat(result.report().lines())
        .containsExactly(
            "NOT_LINEARIZABLE: 6 operations on 1 keys, 1 keys not proven right, "
                + "%d steps".formatted(result.steps()),
            "key 'x': client 3 saw read -> a, where only b or d or c can be",
            "before the operations that overlap it, the key held b",
            "  client 1       1.000 ms .. 2.000 ms     ||         write a -> null",
            "  client 1       3.000 ms .. 4.000 ms       ||       write b -> null",
            "  client 2       5.000 ms .. 9.000 ms         |===|  write c -> null",
            "  client 3       6.000 ms .. 8.000 ms          |=|   read -> a   <== cannot be",
            "  client 4       7.000 ms .. ?                  |..  write d: no answer");
  }

  @Test
  void longHistoriesAreShownFromTheOperationsNextToTheBadAnswer() {
    for (int i = 0; i < 1_000; i++) {
      add(1, new Write<>("v" + i), null, 2 * i, 2 * i + 1);
    }
    add(2, new Read<>(), "v17", 3_000, 3_001);
    for (int i = 0; i < 1_000; i++) {
      add(1, new Read<>(), "v999", 4_000 + i, 4_000 + i);
    }

    String report = check().report();

    assertThat(report)
        .contains("client 2 saw read -> v17, where only v999 can be")
        .contains("the key held v999")
        .contains("(994 earlier operations left out)")
        .contains("write v999")
        .contains("read -> v17   <== cannot be");
    assertThat(report.lines()).hasSizeLessThan(15);
  }

  @Test
  void whatIsRightTakesOneLine() {
    add(1, new Write<>("a"), null, 1, 2);

    assertThat(check().report())
        .startsWith("LINEARIZABLE: 1 operations on 1 keys, 0 keys not proven right")
        .hasLineCount(1);
  }

  @Test
  void onlyTheFirstBadKeysAreExplained() {
    for (int key = 0; key < 5; key++) {
      history.add(new Operation<>(1, "k" + key, new Read<>(), "z", 1, 2));
    }

    CheckResult result = check();

    assertThat(result.failures()).hasSize(5);
    assertThat(result.report()).contains("key 'k0'", "key 'k1'", "key 'k2'");
    assertThat(result.report()).doesNotContain("key 'k3'");
  }
}
