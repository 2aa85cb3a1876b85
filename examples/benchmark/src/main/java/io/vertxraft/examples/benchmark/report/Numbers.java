package io.vertxraft.examples.benchmark.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Numbers as people read them. */
final class Numbers {
  private Numbers() {}

  static String grouped(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  /** Three significant digits or so: {@code 0.71}, {@code 12.4}, {@code 1,240}. */
  static String brief(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    double size = Math.abs(value);
    return String.format(Locale.ROOT, size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%,.0f", value);
  }

  /** NaN if there are none. */
  static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  static double median(double... values) {
    return median(Arrays.stream(values));
  }
}
