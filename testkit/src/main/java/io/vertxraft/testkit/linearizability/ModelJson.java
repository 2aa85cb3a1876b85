package io.vertxraft.testkit.linearizability;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** JSON forms of the inputs of the models here: an object with the operation's name as its key. */
final class ModelJson {
  private static final JsonForm<Object> PLAIN = JsonForm.plain();

  private ModelJson() {}

  /** {@code {"read": true}}, {@code {"write": v}}, {@code {"compareAndSet": [v, w]}}, … */
  static final class OfRegister implements JsonForm<RegisterModel.Input<Object>> {
    @Override
    public Object toJson(RegisterModel.Input<Object> input) {
      if (input instanceof RegisterModel.Write<Object> write) {
        return new JsonObject().put("write", PLAIN.toJson(write.value()));
      }
      if (input instanceof RegisterModel.GetAndSet<Object> set) {
        return new JsonObject().put("getAndSet", PLAIN.toJson(set.value()));
      }
      if (input instanceof RegisterModel.CompareAndSet<Object> cas) {
        return new JsonObject().put("compareAndSet", pair(cas.expected(), cas.value()));
      }
      if (input instanceof RegisterModel.CompareAndExchange<Object> cas) {
        return new JsonObject().put("compareAndExchange", pair(cas.expected(), cas.value()));
      }
      return new JsonObject().put("read", true);
    }

    private static JsonArray pair(Object first, Object second) {
      return new JsonArray().add(PLAIN.toJson(first)).add(PLAIN.toJson(second));
    }

    @Override
    public RegisterModel.Input<Object> fromJson(Object json) {
      String name = nameOf(json);
      Object value = PLAIN.fromJson(((JsonObject) json).getValue(name));
      return switch (name) {
        case "read" -> new RegisterModel.Read<>();
        case "write" -> new RegisterModel.Write<>(value);
        case "getAndSet" -> new RegisterModel.GetAndSet<>(value);
        case "compareAndSet" -> new RegisterModel.CompareAndSet<>(at(json, 0), at(json, 1));
        case "compareAndExchange" ->
            new RegisterModel.CompareAndExchange<>(at(json, 0), at(json, 1));
        default -> throw unknown(name);
      };
    }

    private static Object at(Object json, int index) {
      JsonObject object = (JsonObject) json;
      JsonArray pair = object.getJsonArray(nameOf(json));
      if (pair.size() != 2) {
        throw new IllegalArgumentException(
            "an array of the expected and the new value belongs here, not " + pair);
      }
      return PLAIN.fromJson(pair.getValue(index));
    }
  }

  /** {@code {"read": true}}, {@code {"append": v}} */
  static final class OfList implements JsonForm<AppendListModel.Input<Object>> {
    @Override
    public Object toJson(AppendListModel.Input<Object> input) {
      return input instanceof AppendListModel.Append<Object> append
          ? new JsonObject().put("append", PLAIN.toJson(append.value()))
          : new JsonObject().put("read", true);
    }

    @Override
    public AppendListModel.Input<Object> fromJson(Object json) {
      String name = nameOf(json);
      return switch (name) {
        case "read" -> new AppendListModel.Read<>();
        case "append" ->
            new AppendListModel.Append<>(PLAIN.fromJson(((JsonObject) json).getValue(name)));
        default -> throw unknown(name);
      };
    }
  }

  /** A list, or a number of elements as Integer. */
  static final class ListOutput implements JsonForm<Object> {
    @Override
    public Object toJson(Object value) {
      return PLAIN.toJson(value);
    }

    @Override
    public Object fromJson(Object json) {
      return json instanceof Number size ? (Object) size.intValue() : PLAIN.fromJson(json);
    }
  }

  /** {@code {"read": true}}, {@code {"add": n}} */
  static final class OfCounter implements JsonForm<CounterModel.Input> {
    @Override
    public Object toJson(CounterModel.Input input) {
      return input instanceof CounterModel.Add add
          ? new JsonObject().put("add", add.delta())
          : new JsonObject().put("read", true);
    }

    @Override
    public CounterModel.Input fromJson(Object json) {
      String name = nameOf(json);
      return switch (name) {
        case "read" -> new CounterModel.Read();
        case "add" -> new CounterModel.Add(((JsonObject) json).getLong(name));
        default -> throw unknown(name);
      };
    }
  }

  /** A whole number, or null. */
  static final class LongValue implements JsonForm<Long> {
    @Override
    public Object toJson(Long value) {
      return value;
    }

    @Override
    public Long fromJson(Object json) {
      return json == null ? null : ((Number) json).longValue();
    }
  }

  private static String nameOf(Object json) {
    if (json instanceof JsonObject object && object.size() == 1) {
      return object.fieldNames().iterator().next();
    }
    throw new IllegalArgumentException(
        "'input' is %s, it must be an object with one field, the operation".formatted(json));
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException("this model has no operation '%s'".formatted(name));
  }
}
