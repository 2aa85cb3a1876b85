package io.vertxraft.testkit.linearizability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.testkit.linearizability.AppendListModel.Append;
import io.vertxraft.testkit.linearizability.CounterModel.Add;
import io.vertxraft.testkit.linearizability.RegisterModel.CompareAndExchange;
import io.vertxraft.testkit.linearizability.RegisterModel.CompareAndSet;
import io.vertxraft.testkit.linearizability.RegisterModel.GetAndSet;
import io.vertxraft.testkit.linearizability.RegisterModel.Read;
import io.vertxraft.testkit.linearizability.RegisterModel.Write;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories of which everybody can tell whether one copy could have given them. */
class KnownVerdictsTest {
  private final List<Operation<RegisterModel.Input<String>, Object>> register = new ArrayList<>();
  private final List<Operation<AppendListModel.Input<String>, Object>> list = new ArrayList<>();
  private final List<Operation<CounterModel.Input, Long>> counter = new ArrayList<>();

  private void register(RegisterModel.Input<String> input, Object output, long call, long end) {
    register.add(new Operation<>(register.size(), "r", input, output, call, end));
  }

  private void registerUnknown(RegisterModel.Input<String> input, long call) {
    register.add(Operation.unknown(register.size(), "r", input, call));
  }

  private void list(AppendListModel.Input<String> input, Object output, long call, long end) {
    list.add(new Operation<>(list.size(), "l", input, output, call, end));
  }

  private void counter(CounterModel.Input input, Long output, long call, long end) {
    counter.add(new Operation<>(counter.size(), "c", input, output, call, end));
  }

  private Verdict verdict() {
    return new LinearizabilityChecker()
        .add(new RegisterModel<>(), register)
        .add(new AppendListModel<>(), list)
        .add(new CounterModel(), counter)
        .check()
        .verdict();
  }

  private void isRight() {
    assertThat(verdict()).isEqualTo(Verdict.LINEARIZABLE);
  }

  private void isWrong() {
    assertThat(verdict()).isEqualTo(Verdict.NOT_LINEARIZABLE);
  }

  @Test
  void nothingIsLinearizable() {
    isRight();
  }

  @Test
  void aReadSeesTheLastWrite() {
    register(new Read<>(), null, 1, 2);
    register(new Write<>("a"), null, 3, 4);
    register(new Read<>(), "a", 5, 6);
    isRight();
  }

  @Test
  void aStaleReadIsFound() {
    register(new Write<>("a"), null, 1, 2);
    register(new Write<>("b"), null, 3, 4);
    register(new Read<>(), "a", 5, 6);
    isWrong();
  }

  @Test
  void aReadThatOverlapsAWriteMaySeeEither() {
    register(new Write<>("a"), null, 1, 2);
    register(new Write<>("b"), null, 3, 9);
    register(new Read<>(), "a", 4, 5);
    register(new Read<>(), "b", 6, 7);
    isRight();
  }

  @Test
  void aReadDoesNotGoBackBehindAnEarlierRead() {
    register(new Write<>("a"), null, 1, 2);
    register(new Write<>("b"), null, 3, 9);
    register(new Read<>(), "b", 4, 5);
    register(new Read<>(), "a", 6, 7);
    isWrong();
  }

  @Test
  void aReturnAndACallAtTheSameInstantOverlap() {
    register(new Write<>("a"), null, 1, 2);
    register(new Read<>(), null, 2, 3);
    isRight();
    register.set(1, new Operation<>(1, "r", new Read<>(), null, 3, 3));
    isWrong();
  }

  @Test
  void aValueNobodyWroteIsFound() {
    register(new Write<>("a"), null, 1, 2);
    register(new Read<>(), "z", 3, 4);
    isWrong();
  }

  @Test
  void aReadOfARejectedWriteIsFoundSinceRejectedOnesAreLeftOut() {
    HistoryRecorder<RegisterModel.Input<String>, Object> recorder = new HistoryRecorder<>();
    recorder.call(1, "r", new Write<>("aborted")).rejected();
    recorder.call(2, "r", new Read<>()).returned("aborted");
    register.addAll(recorder.operations());
    assertThat(register).hasSize(1);
    isWrong();
  }

  @Test
  void aLostUpdateIsFound() {
    register(new Write<>("a"), null, 1, 2);
    register(new GetAndSet<>("b"), "a", 3, 8);
    register(new GetAndSet<>("c"), "a", 4, 9);
    isWrong();
  }

  @Test
  void twoCompareAndSetsCannotBothTakeTheSameValue() {
    register(new Write<>("a"), null, 1, 2);
    register(new CompareAndSet<>("a", "b"), true, 3, 8);
    register(new CompareAndSet<>("a", "c"), true, 4, 9);
    isWrong();
  }

  @Test
  void oneOfTwoCompareAndSetsWins() {
    register(new Write<>("a"), null, 1, 2);
    register(new CompareAndSet<>("a", "b"), false, 3, 8);
    register(new CompareAndSet<>("a", "c"), true, 4, 9);
    register(new Read<>(), "c", 10, 11);
    isRight();
  }

  @Test
  void aCompareAndSetThatFailsForNoReasonIsFound() {
    register(new Write<>("a"), null, 1, 2);
    register(new CompareAndSet<>("a", "b"), false, 3, 4);
    isWrong();
  }

  @Test
  void aCompareAndSetThatFailedChangesNothing() {
    register(new Write<>("a"), null, 1, 2);
    register(new CompareAndExchange<>("x", "b"), "a", 3, 4);
    register(new Read<>(), "b", 5, 6);
    isWrong();
  }

  @Test
  void aWriteOfUnknownOutcomeMayTakeEffectLate() {
    register(new Write<>("a"), null, 1, 2);
    registerUnknown(new Write<>("b"), 3);
    register(new Read<>(), "a", 100, 101);
    register(new Read<>(), "b", 102, 103);
    isRight();
  }

  @Test
  void aWriteOfUnknownOutcomeMayNeverTakeEffect() {
    register(new Write<>("a"), null, 1, 2);
    registerUnknown(new Write<>("b"), 3);
    register(new Read<>(), "a", 100, 101);
    isRight();
  }

  @Test
  void aWriteOfUnknownOutcomeTakesEffectOnceAtMost() {
    registerUnknown(new Write<>("b"), 1);
    register(new Read<>(), "b", 2, 3);
    register(new Write<>("c"), null, 4, 5);
    register(new Read<>(), "b", 6, 7);
    isWrong();
  }

  @Test
  void aWriteOfUnknownOutcomeDoesNotTakeEffectBeforeItIsAsked() {
    register(new Read<>(), "b", 1, 2);
    registerUnknown(new Write<>("b"), 3);
    isWrong();
  }

  @Test
  void aReadOfUnknownOutcomeProvesNothing() {
    register(new Write<>("a"), null, 1, 2);
    registerUnknown(new Read<>(), 3);
    register(new Read<>(), "a", 4, 5);
    isRight();
  }

  @Test
  void concurrentWritesMayTakeEffectInEitherOrderButForAllTheSame() {
    register(new Write<>("a"), null, 1, 9);
    register(new Write<>("b"), null, 2, 8);
    register(new Read<>(), "a", 10, 11);
    isRight();
    register(new Read<>(), "b", 12, 13);
    isWrong();
  }

  @Test
  void anAddThatWasAppliedTwiceIsFound() {
    counter(new Add(5), 5L, 1, 2);
    counter(new CounterModel.Read(), 10L, 3, 4);
    isWrong();
  }

  @Test
  void anAddOfUnknownOutcomeCountsOnceOrNotAtAll() {
    counter(new Add(5), 5L, 1, 2);
    counter.add(Operation.unknown(9, "c", new Add(7), 3));
    counter(new Add(1), 6L, 4, 5);
    counter(new CounterModel.Read(), 13L, 6, 7);
    isRight();
    counter(new CounterModel.Read(), 20L, 8, 9);
    isWrong();
  }

  @Test
  void whichAddsOfUnknownOutcomeMadeUpASumDecidesWhatIsLeft() {
    for (long delta : new long[] {1, 4, 2, 3}) {
      counter.add(Operation.unknown(9, "one", new Add(delta), 1));
      counter.add(Operation.unknown(9, "other", new Add(delta), 1));
    }
    // Five is 2 + 3 for one key, as 4 and 1 follow, and 1 + 4 for the other, as 2 and 3 do.
    long[][] sums = {{5, 9, 10}, {5, 7, 10}};
    for (int i = 0; i < 3; i++) {
      long at = 10 * (i + 1);
      counter.add(new Operation<>(1, "one", new CounterModel.Read(), sums[0][i], at, at + 1));
      counter.add(new Operation<>(1, "other", new CounterModel.Read(), sums[1][i], at, at + 1));
    }
    isRight();
    counter.add(new Operation<>(1, "one", new CounterModel.Read(), 11L, 90, 91));
    isWrong();
  }

  @Test
  void manyCallsAtTheInstantOfAReturnOverlapIt() {
    register(new Write<>("a"), null, 1, 2);
    for (int i = 0; i < 80; i++) {
      register(new Read<>(), null, 2, 2);
    }
    isRight();
    register(new Read<>(), null, 4, 5);
    isWrong();
  }

  @Test
  void anAddThatTellsNothingStillCounts() {
    counter(new Add(5), null, 1, 2);
    counter(new CounterModel.Read(), 5L, 3, 4);
    isRight();
    counter(new CounterModel.Read(), 0L, 5, 6);
    isWrong();
  }

  @Test
  void aListKeepsOneOrder() {
    list(new Append<>("a"), null, 1, 9);
    list(new Append<>("b"), null, 2, 8);
    list(new AppendListModel.Read<>(), List.of("b", "a"), 10, 11);
    isRight();
    list(new AppendListModel.Read<>(), List.of("a", "b"), 12, 13);
    isWrong();
  }

  @Test
  void anAppendThatIsLostOrDoubledIsFound() {
    list(new Append<>("a"), 1, 1, 2);
    list(new Append<>("b"), 2, 3, 4);
    list(new AppendListModel.Read<>(), List.of("b"), 5, 6);
    isWrong();
    list.set(
        2, new Operation<>(2, "l", new AppendListModel.Read<>(), List.of("a", "b", "b"), 5, 6));
    isWrong();
    list.set(2, new Operation<>(2, "l", new AppendListModel.Read<>(), List.of("a", "b"), 5, 6));
    isRight();
  }

  @Test
  void anAppendThatIsOverIsInFrontOfALaterOne() {
    list(new Append<>("a"), null, 1, 2);
    list(new Append<>("b"), null, 3, 4);
    list(new AppendListModel.Read<>(), List.of("b", "a"), 5, 6);
    isWrong();
  }

  @Test
  void keysAreIndependentAndOneBadKeySpoilsTheHistory() {
    register(new Write<>("a"), null, 1, 2);
    register.add(new Operation<>(1, "other", new Read<>(), null, 3, 4));
    isRight();
    register.add(new Operation<>(1, "other", new Read<>(), "a", 5, 6));
    isWrong();
  }

  @Test
  void anAnswerBeforeItsQuestionIsRefused() {
    assertThatThrownBy(() -> register(new Read<>(), "a", 5, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("key 'r'")
        .hasMessageContaining("monotonic clock");
  }
}
