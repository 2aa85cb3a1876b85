package io.vertxraft.console;

import java.util.List;
import java.util.Locale;

/** Numbers and lists as words, the same for every reader whatever the machine's locale. */
final class Words {
  private static final List<String> BYTE_UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

  private Words() {}

  /**
   * A duration with the precision a reader can use: {@code 40 ms, 6.2 s, 12 s, 4 min, 3 h, 2 d}.
   */
  static String duration(long ms) {
    if (ms < 1_000) {
      return Math.max(0, ms) + " ms";
    }
    if (ms < 10_000) {
      return String.format(Locale.ROOT, "%.1f s", ms / 1_000.0);
    }
    if (ms < 120_000) {
      return ms / 1_000 + " s";
    }
    if (ms < 2 * 3_600_000L) {
      return ms / 60_000 + " min";
    }
    return ms < 48 * 3_600_000L ? ms / 3_600_000 + " h" : ms / 86_400_000 + " d";
  }

  /** {@code 640 B}, {@code 3.4 MiB}, {@code 12 GiB}. */
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

  /** {@code 1 failure}, {@code 12,345 failures}. */
  static String count(long number, String singular, String plural) {
    return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? singular : plural);
  }

  /** {@code n1}, {@code n1 and n2}, {@code n1, n2 and n3}. */
  static String list(List<String> items) {
    if (items.size() < 2) {
      return String.join("", items);
    }
    int last = items.size() - 1;
    return String.join(", ", items.subList(0, last)) + " and " + items.get(last);
  }

  /** The text on one line, without characters that would steer a terminal. */
  static String plain(String text) {
    return text == null ? "" : text.replaceAll("\\p{Cntrl}+", " ");
  }
}
