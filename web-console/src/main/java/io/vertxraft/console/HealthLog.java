package io.vertxraft.console;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Logs a group's health when it changes: WARNING when it worsens, INFO when it recovers. A change
 * counts when two pictures in a row show it, so that a single odd one is not told. Confined to the
 * console's context.
 */
final class HealthLog {
  /** Takes a line. */
  @FunctionalInterface
  interface Sink {
    void log(Level level, String line);
  }

  private static final Logger LOG = System.getLogger(RaftConsole.class.getName() + ".health");

  private final Sink sink;
  private ClusterHealth told = ClusterHealth.HEALTHY;
  private ClusterHealth seen = ClusterHealth.HEALTHY;

  HealthLog() {
    this(LOG::log);
  }

  HealthLog(Sink sink) {
    this.sink = sink;
  }

  void see(Picture picture) {
    ClusterHealth health = picture.explanation().health();
    boolean twice = health == seen;
    seen = health;
    if (!twice || health == told) {
      return;
    }
    Level level = health.compareTo(told) > 0 ? Level.WARNING : Level.INFO;
    told = health;
    sink.log(
        level,
        "group '%s' as seen from node '%s', term %d: %s"
            .formatted(
                picture.groupId(),
                picture.view().seenFrom(),
                picture.term(),
                Words.plain(picture.explanation().headline())));
  }
}
