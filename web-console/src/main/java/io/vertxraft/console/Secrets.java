package io.vertxraft.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;

/** Takes secrets out of JSON that leaves the process, by the names under which they stand. */
final class Secrets {
  static final String HIDDEN = "(hidden)";

  private static final Pattern NAMES =
      Pattern.compile(
          "pass(word|wd|phrase)|secret|token|credential|authorization|cookie|"
              + "private.?key|api.?key|access.?key|key.?(value|store.?value)",
          Pattern.CASE_INSENSITIVE);

  /** {@code scheme://user:password@host}. */
  private static final Pattern USER_INFO = Pattern.compile("(://[^/\\s:@]+:)[^/\\s@]+(@)");

  private Secrets() {}

  /** A copy without secrets. */
  static JsonObject redacted(JsonObject json) {
    JsonObject copy = new JsonObject();
    json.forEach(
        entry -> {
          boolean secret = entry.getValue() != null && NAMES.matcher(entry.getKey()).find();
          copy.put(entry.getKey(), secret ? HIDDEN : redactedValue(entry.getValue()));
        });
    return copy;
  }

  private static Object redactedValue(Object value) {
    if (value instanceof JsonObject object) {
      return redacted(object);
    }
    if (value instanceof JsonArray array) {
      JsonArray copy = new JsonArray();
      array.forEach(element -> copy.add(redactedValue(element)));
      return copy;
    }
    return value instanceof String text
        ? USER_INFO.matcher(text).replaceAll("$1" + HIDDEN + "$2")
        : value;
  }
}
