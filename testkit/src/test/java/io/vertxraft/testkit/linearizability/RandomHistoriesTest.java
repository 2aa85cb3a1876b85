package io.vertxraft.testkit.linearizability;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.testkit.linearizability.Histories.Shape;
import io.vertxraft.testkit.sim.SimRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RandomHistoriesTest {
  private static <S, I, O> CheckResult check(
      Model<S, I, O> model, List<Operation<I, O>> operations) {
    return new LinearizabilityChecker().add(model, operations).check();
  }

  /** Gives every operation an answer drawn from those some other operation of its kind saw. */
  private static <I, O> List<Operation<I, O>> shuffleAnswers(
      List<Operation<I, O>> history, int count, SimRandom random) {
    List<Operation<I, O>> mutated = new ArrayList<>(history);
    for (int n = 0; n < count && !history.isEmpty(); n++) {
      int at = (int) random.below(history.size());
      Operation<I, O> donor = history.get((int) random.below(history.size()));
      Operation<I, O> taker = history.get(at);
      if (taker.isKnown()
          && donor.isKnown()
          && taker.input().getClass() == donor.input().getClass()) {
        mutated.set(at, taker.answering(donor.output()));
      }
    }
    return mutated;
  }

  private static <S, I, O> int[] agreement(
      String name, Model<S, I, O> model, Function<SimRandom, I> inputs, int count) {
    SimRandom random = new SimRandom(1, name);
    int[] verdicts = new int[2];
    for (int n = 0; n < count; n++) {
      Shape shape =
          new Shape(
              (int) random.between(4, 10),
              (int) random.between(2, 5),
              random.between(0, 4),
              random.chance(0.5) ? 0.3 : 0);
      List<Operation<I, O>> drawn = Histories.draw(model, inputs, shape, random);
      List<Operation<I, O>> history =
          shuffleAnswers(
              drawn.subList(0, Math.min(7, drawn.size())), 2 * (int) random.below(5), random);
      boolean expected = BruteForce.isLinearizable(model, history);
      assertThat(check(model, history).verdict())
          .as("history %d of %s: %s", n, name, history)
          .isEqualTo(expected ? Verdict.LINEARIZABLE : Verdict.NOT_LINEARIZABLE);
      verdicts[expected ? 1 : 0]++;
    }
    return verdicts;
  }

  @Test
  void smallHistoriesGetTheVerdictOfTryingAllOrders() {
    int[][] verdicts = {
      agreement("register", new RegisterModel<>(), Histories.registerInputs(), 2_000),
      agreement("crowded", new RegisterModel<>(0L), Histories.crowdedRegisterInputs(), 4_000),
      agreement("list", new AppendListModel<>(), Histories.listInputs(), 2_000),
      agreement("counter", new CounterModel(), Histories.counterInputs(), 2_000)
    };

    for (int[] verdict : verdicts) {
      assertThat(verdict[0]).as("bad histories among the compared").isGreaterThan(200);
      assertThat(verdict[1]).as("good histories among the compared").isGreaterThan(500);
    }
  }

  @Test
  void whatReallyWasLinearizableIsFoundSo() {
    SimRandom random = new SimRandom(2, "good");
    for (int n = 0; n < 300; n++) {
      Shape shape =
          new Shape(
              (int) random.between(1, 300),
              (int) random.between(1, 10),
              random.between(0, 6),
              random.chance(0.5) ? 0.1 : 0);
      good(new RegisterModel<>(), Histories.registerInputs(), shape, random);
      good(new RegisterModel<>(0L), Histories.crowdedRegisterInputs(), shape, random);
      good(new AppendListModel<>(), Histories.listInputs(), shape, random);
      good(new CounterModel(), Histories.counterInputs(), shape, random);
    }
  }

  private static <S, I, O> void good(
      Model<S, I, O> model, Function<SimRandom, I> inputs, Shape shape, SimRandom random) {
    CheckResult result = check(model, Histories.draw(model, inputs, shape, random));
    assertThat(result.ok()).as("%s%n%s", shape, result.report()).isTrue();
  }

  @Test
  void oneImpossibleAnswerSpoilsAnyHistory() {
    SimRandom random = new SimRandom(3, "bad");
    for (int n = 0; n < 300; n++) {
      Shape shape = new Shape((int) random.between(20, 200), 8, 5, 0.05);
      bad(new RegisterModel<>(), Histories.registerInputs(), -1L, shape, random);
      bad(new CounterModel(), Histories.counterInputs(), -1L, shape, random);
      bad(new AppendListModel<>(), Histories.listInputs(), List.of(-1L), shape, random);
    }
  }

  private static <S, I, O> void bad(
      Model<S, I, O> model,
      Function<SimRandom, I> inputs,
      O impossible,
      Shape shape,
      SimRandom random) {
    List<Operation<I, O>> history = Histories.draw(model, inputs, shape, random);
    List<Integer> reads = new ArrayList<>();
    for (int i = 0; i < history.size(); i++) {
      if (history.get(i).isKnown() && model.isReadOnly(history.get(i).input())) {
        reads.add(i);
      }
    }
    if (reads.isEmpty()) {
      return;
    }
    int at = reads.get((int) random.below(reads.size()));
    Operation<I, O> mutated = history.get(at).answering(impossible);
    history.set(at, mutated);
    CheckResult result = check(model, history);
    assertThat(result.verdict()).isEqualTo(Verdict.NOT_LINEARIZABLE);
    assertThat(result.report()).contains("%s -> %s,".formatted(mutated.input(), impossible));
  }

  @Test
  void tensOfThousandsOfOperationsOnOneKeyNeitherOverflowTheStackNorTheBudget() {
    SimRandom random = new SimRandom(4, "long");
    Shape shape = new Shape(60_000, 5, 2, 0.0002);
    List<Operation<RegisterModel.Input<Long>, Object>> history =
        Histories.draw(new RegisterModel<>(), Histories.registerInputs(), shape, random);
    assertThat(history.size()).isGreaterThan(20_000);

    assertThat(check(new RegisterModel<>(), history).verdict()).isEqualTo(Verdict.LINEARIZABLE);

    int last = history.size() - 1;
    while (!history.get(last).isKnown()
        || !(history.get(last).input() instanceof RegisterModel.Read)) {
      last--;
    }
    history.set(last, history.get(last).answering(1L));
    assertThat(check(new RegisterModel<>(), history).verdict()).isEqualTo(Verdict.NOT_LINEARIZABLE);
  }

  @Test
  void anOperationMayOverlapHundredsAndHundredsMayGoUnanswered() {
    List<Operation<RegisterModel.Input<Long>, Object>> history = new ArrayList<>();
    history.add(new Operation<>(0, "k", new RegisterModel.Write<>(-7L), null, 1, 5_000));
    for (long i = 1; i <= 300; i++) {
      history.add(Operation.unknown(1, "k", new RegisterModel.Write<>(i), 10 * i));
      // Every third of the unanswered writes is seen, by three reads in a row.
      history.add(
          new Operation<>(2, "k", new RegisterModel.Read<>(), seenAt(i), 10 * i + 1, 10 * i + 2));
    }
    history.add(new Operation<>(2, "k", new RegisterModel.Read<>(), -7L, 4_000, 4_001));
    history.add(new Operation<>(2, "k", new RegisterModel.Read<>(), 299L, 4_002, 4_003));
    assertThat(check(new RegisterModel<>(), history).verdict()).isEqualTo(Verdict.LINEARIZABLE);

    history.add(new Operation<>(2, "k", new RegisterModel.Read<>(), 300L, 4_004, 4_005));
    assertThat(check(new RegisterModel<>(), history).verdict()).isEqualTo(Verdict.NOT_LINEARIZABLE);
  }

  private static Long seenAt(long i) {
    return i < 3 ? null : Long.valueOf(i - i % 3);
  }

  @Test
  void aHistoryTooConcurrentForTheBudgetIsNotTakenForRight() {
    List<Operation<CounterModel.Input, Long>> history = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      history.add(new Operation<>(i, "k", new CounterModel.Add(1L << i), null, 1, 2));
    }
    history.add(new Operation<>(99, "k", new CounterModel.Read(), 7L, 3, 4));

    CheckResult result =
        new LinearizabilityChecker().budgetMax(50_000).add(new CounterModel(), history).check();

    assertThat(result.verdict()).isEqualTo(Verdict.BUDGET);
    assertThat(result.ok()).isFalse();
    assertThat(result.report()).contains("key 'k': no verdict on 41 operations");
  }
}
