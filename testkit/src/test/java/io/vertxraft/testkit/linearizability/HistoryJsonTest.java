package io.vertxraft.testkit.linearizability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryJsonTest {
  private static <I, O> void survivesText(HistoryJson<I, O> json, List<Operation<I, O>> history) {
    String text = json.write(history).encode();
    assertThat(json.read(new JsonObject(text))).isEqualTo(history);
  }

  private static <I> Operation<I, Object> known(I input, Object output) {
    return new Operation<>(1, "k", input, output, 5, 1L << 60);
  }

  @Test
  void everyOperationOfARegisterSurvives() {
    survivesText(
        HistoryJson.ofRegisters(),
        List.of(
            known(new RegisterModel.Read<>(), null),
            known(new RegisterModel.Read<>(), List.of(1L, "two", true)),
            known(new RegisterModel.Write<>("a"), null),
            known(new RegisterModel.GetAndSet<>(7L), "a"),
            known(new RegisterModel.CompareAndSet<>(null, 2.5), false),
            known(new RegisterModel.CompareAndExchange<>(7L, "b"), 7L),
            Operation.unknown(2, "other", new RegisterModel.Write<>("c"), 9)));
  }

  @Test
  void everyOperationOfAListSurvives() {
    survivesText(
        HistoryJson.ofLists(),
        List.of(
            known(new AppendListModel.Append<>("a"), 1),
            known(new AppendListModel.Append<>("b"), null),
            known(new AppendListModel.Read<>(), List.of("a", "b")),
            Operation.unknown(2, "k", new AppendListModel.Append<>("c"), 9)));
  }

  @Test
  void everyOperationOfACounterSurvives() {
    List<Operation<CounterModel.Input, Long>> history = new ArrayList<>();
    history.add(new Operation<>(1, "k", new CounterModel.Add(3), 3L, 1, 2));
    history.add(new Operation<>(1, "k", new CounterModel.Add(-1), null, 3, 4));
    history.add(new Operation<>(1, "k", new CounterModel.Read(), 2L, 5, 6));
    history.add(Operation.unknown(1, "k", new CounterModel.Add(1L << 60), 7));
    survivesText(HistoryJson.ofCounters(), history);
  }

  @Test
  void aHistoryThatIsNoneIsRefusedWithTheOperationAtFault() {
    assertRefused("{}", "no array 'operations'");
    assertRefused(
        operation("'client': 1, 'key': 'k', 'call': 1"), "operation 0", "'input' is null");
    assertRefused(
        operation("'client': 1, 'key': 'k', 'call': 1, 'input': {'erase': 1}"),
        "no operation 'erase'");
    assertRefused(
        operation("'client': 'x', 'key': 'k', 'call': 1, 'input': {'read': true}"),
        "'client' is x, it must be a Number");
    assertRefused(
        operation("'client': 1, 'key': 'k', 'call': 3, 'return': 2, 'input': {'read': true}"),
        "returns at 2, before its call at 3");
    assertRefused(
        operation("'client': 1, 'key': 'k', 'call': 3, 'input': {'compareAndSet': [1]}"),
        "expected and the new value");
  }

  private static String operation(String fields) {
    return "{'operations': [{" + fields + "}]}";
  }

  private static void assertRefused(String json, String... words) {
    JsonObject object = new JsonObject(json.replace('\'', '"'));
    assertThatThrownBy(() -> HistoryJson.ofRegisters().read(object))
        .isInstanceOf(DecodeException.class)
        .message()
        .contains(words);
  }
}
