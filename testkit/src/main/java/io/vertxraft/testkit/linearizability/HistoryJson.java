package io.vertxraft.testkit.linearizability;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Histories as JSON, to keep one that went wrong: {@code {"operations": [{"client", "key", "input",
 * "output", "call", "return"}, …]}}, times in nanoseconds. Operations of unknown outcome have
 * neither output nor return.
 */
public final class HistoryJson<I, O> {
  private final JsonForm<I> inputs;
  private final JsonForm<O> outputs;

  /** The JSON of histories with these inputs and outputs. */
  public HistoryJson(JsonForm<I> inputs, JsonForm<O> outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** Histories of registers with plain JSON values. */
  public static HistoryJson<RegisterModel.Input<Object>, Object> ofRegisters() {
    return new HistoryJson<>(new ModelJson.OfRegister(), JsonForm.plain());
  }

  /** Histories of lists with plain JSON elements. */
  public static HistoryJson<AppendListModel.Input<Object>, Object> ofLists() {
    return new HistoryJson<>(new ModelJson.OfList(), new ModelJson.ListOutput());
  }

  /** Histories of counters. */
  public static HistoryJson<CounterModel.Input, Long> ofCounters() {
    return new HistoryJson<>(new ModelJson.OfCounter(), new ModelJson.LongValue());
  }

  /** The JSON of a history. */
  public JsonObject write(List<Operation<I, O>> operations) {
    JsonArray array = new JsonArray();
    for (Operation<I, O> operation : operations) {
      JsonObject json =
          new JsonObject()
              .put("client", operation.client())
              .put("key", operation.key())
              .put("input", inputs.toJson(operation.input()))
              .put("call", operation.callNanos());
      if (operation.isKnown()) {
        json.put("output", outputs.toJson(operation.output()));
        json.put("return", operation.returnNanos());
      }
      array.add(json);
    }
    return new JsonObject().put("operations", array);
  }

  /**
   * The history of what {@link #write} gave.
   *
   * @throws DecodeException if it is none; the message names the first operation that is wrong
   */
  public List<Operation<I, O>> read(JsonObject json) {
    if (!(json.getValue("operations") instanceof JsonArray array)) {
      throw new DecodeException("the history has no array 'operations'");
    }
    List<Operation<I, O>> operations = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      try {
        operations.add(readOperation(array.getJsonObject(i)));
      } catch (RuntimeException e) {
        throw new DecodeException(
            "operation %d of the history cannot be read: %s".formatted(i, e.getMessage()), e);
      }
    }
    return operations;
  }

  private Operation<I, O> readOperation(JsonObject json) {
    int client = required(json, "client", Number.class).intValue();
    String key = required(json, "key", String.class);
    I input = inputs.fromJson(json.getValue("input"));
    long call = required(json, "call", Number.class).longValue();
    if (!json.containsKey("return")) {
      return Operation.unknown(client, key, input, call);
    }
    long returned = required(json, "return", Number.class).longValue();
    return new Operation<>(
        client, key, input, outputs.fromJson(json.getValue("output")), call, returned);
  }

  private static <T> T required(JsonObject json, String name, Class<T> type) {
    Object value = json.getValue(name);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "'%s' is %s, it must be a %s".formatted(name, value, type.getSimpleName()));
    }
    return type.cast(value);
  }
}
