package io.vertxraft.metrics;

import java.util.function.ToDoubleFunction;

/**
 * One line of the table of metrics.
 *
 * @param name dotted, with the unit at its end if there is one
 * @param kind whether it only grows
 * @param unit {@code seconds} or {@code bytes}, or null for a plain number
 * @param about what it says, for people
 * @param value takes it out of what it is measured on
 * @param <T> what it is measured on
 */
record Metric<T>(
    String name, Kind kind, String unit, String about, ToDoubleFunction<? super T> value) {
  /** How a metric behaves. */
  enum Kind {
    /** Goes up and down. */
    GAUGE,
    /** Only grows while the member lives. */
    COUNTER
  }

  static <T> Metric<T> gauge(String name, String about, ToDoubleFunction<? super T> value) {
    return new Metric<>(name, Kind.GAUGE, unitOf(name), about, value);
  }

  static <T> Metric<T> counter(String name, String about, ToDoubleFunction<? super T> value) {
    return new Metric<>(name, Kind.COUNTER, unitOf(name), about, value);
  }

  /** Milliseconds as seconds; below 0, which stands for not known, as not a number. */
  static double seconds(double ms) {
    return ms < 0 ? Double.NaN : ms / 1_000;
  }

  /** Whole milliseconds as seconds; below 0, which stands for not known, as not a number. */
  static double seconds(long ms) {
    return seconds((double) ms);
  }

  /** A condition as a number. */
  static int flag(boolean condition) {
    return condition ? 1 : 0;
  }

  private static String unitOf(String name) {
    for (String unit : new String[] {"seconds", "bytes"}) {
      if (name.endsWith("." + unit)) {
        return unit;
      }
    }
    return null;
  }
}
