package io.vertxraft.cli;

import java.util.List;
import java.util.Locale;

/** Words and numbers for people. */
final class Plain {
  private static final List<String> BYTE_UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

  private Plain() {}

  /**
   * The text on one line, without characters that would steer a terminal: ids, causes and payloads
   * may come from anybody.
   */
  static String text(Object text) {
    return text == null
        ? ""
        : text.toString()
            .replaceAll("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029\\u202a-\\u202e]+", " ");
  }

  /** {@code 640 ms}, {@code 6.2 s}, {@code 12 s}, {@code 4 min}; a dash if not known. */
  static String duration(Number millis) {
    if (millis == null || millis.doubleValue() < 0) {
      return "-";
    }
    double ms = millis.doubleValue();
    if (ms < 10 && ms != Math.rint(ms)) {
      return String.format(Locale.ROOT, "%.1f ms", ms);
    }
    if (ms < 1_000) {
      return String.format(Locale.ROOT, "%.0f ms", ms);
    }
    if (ms < 10_000) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1_000);
    }
    if (ms < 120_000) {
      return (long) (ms / 1_000) + " s";
    }
    if (ms < 2 * 3_600_000L) {
      return (long) (ms / 60_000) + " min";
    }
    return ms < 48 * 3_600_000L ? (long) (ms / 3_600_000) + " h" : (long) (ms / 86_400_000) + " d";
  }

  /** {@code 640 B}, {@code 3.4 MiB}. */
  static String bytes(long bytes) {
    double scaled = bytes;
    int unit = 0;
    while (scaled >= 1_024 && unit < BYTE_UNITS.size() - 1) {
      scaled /= 1_024;
      unit++;
    }
    String number = unit > 0 && scaled < 10 ? "%.1f %s" : "%.0f %s";
    return String.format(Locale.ROOT, number, scaled, BYTE_UNITS.get(unit));
  }

  /** A name in small letters: {@code PRE_CANDIDATE} is {@code pre-candidate}. */
  static String name(String constant) {
    return constant == null ? "-" : text(constant).toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What is there, or a dash. */
  static String orDash(Object value) {
    return value == null ? "-" : text(value);
  }
}
