package io.vertxraft.testkit.linearizability;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * How values of a type look in JSON.
 *
 * @param <T> the type
 */
public interface JsonForm<T> {
  /**
   * The JSON of a value: null, Boolean, Number, String, {@link JsonObject} or {@link JsonArray}.
   */
  Object toJson(T value);

  /**
   * The value of what {@link #toJson} gave.
   *
   * @throws IllegalArgumentException if it is none
   */
  T fromJson(Object json);

  /**
   * The form of values that are JSON themselves: null, Boolean, Long, Double, String, and lists of
   * them. Whole numbers are read as Long.
   */
  static JsonForm<Object> plain() {
    return new JsonForm<>() {
      @Override
      public Object toJson(Object value) {
        if (!(value instanceof List<?> list)) {
          return value;
        }
        JsonArray array = new JsonArray();
        list.forEach(element -> array.add(toJson(element)));
        return array;
      }

      @Override
      public Object fromJson(Object json) {
        if (json instanceof Integer number) {
          return number.longValue();
        }
        if (json instanceof JsonArray array) {
          List<Object> list = new ArrayList<>();
          array.forEach(element -> list.add(fromJson(element)));
          return list;
        }
        if (json instanceof JsonObject) {
          throw new IllegalArgumentException(
              "a JSON object is no plain value; use a JsonForm of your own for: " + json);
        }
        return json;
      }
    };
  }
}
