package io.vertxraft.examples.benchmark.report;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that was measured, for programs. */
public final class JsonReport {
  private JsonReport() {}

  /** The whole report. Numbers that do not exist are null. */
  public static String of(Report report) {
    return json(report) + "\n";
  }

  private static String json(Object value) {
    if (value instanceof Record record) {
      return Stream.of(record.getClass().getRecordComponents())
          .map(component -> json(component.getName()) + ":" + json(get(record, component)))
          .collect(Collectors.joining(",", "{", "}"));
    } else if (value instanceof List<?> list) {
      return list.stream().map(JsonReport::json).collect(Collectors.joining(",\n", "[", "]"));
    } else if (value instanceof Double number) {
      return number.isNaN() || number.isInfinite()
          ? "null"
          : String.format(Locale.ROOT, "%.3f", number);
    } else if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    return quoted(String.valueOf(value));
  }

  private static Object get(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
