package io.vertxraft.console;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Logs a group's health when it changes: WARNING when it worsens, INFO when it recovers. A change
 * counts when it has lasted for {@link #LASTS_MS}, so that neither a single odd picture nor an
 * election is told. Confined to the console's context.
 */
final class HealthLog {
  /** Takes a line. */
  @FunctionalInterface
  interface Sink {
    void log(Level level, String line);
  }

  static final long LASTS_MS = 1_000;

  private static final Logger LOG = System.getLogger(RaftConsole.class.getName() + ".health");

  private final Sink sink;
  private ClusterHealth told = ClusterHealth.HEALTHY;
  private ClusterHealth seen = ClusterHealth.HEALTHY;
  private long seenSinceMs;

  HealthLog() {
    this(LOG::log);
  }

  HealthLog(Sink sink) {
    this.sink = sink;
  }

  void see(Picture picture) {
    ClusterHealth health = picture.explanation().health();
    long nowMs = picture.view().timeMs();
    if (health != seen) {
      seen = health;
      seenSinceMs = nowMs;
    }
    if (health == told || nowMs - seenSinceMs < LASTS_MS) {
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
