package io.vertxraft.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Moments as people read them, in their own time zone. */
final class Moments {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private Moments() {}

  static String clock(long ms) {
    return CLOCK.format(Instant.ofEpochMilli(ms).atZone(ZoneId.systemDefault()));
  }
}
