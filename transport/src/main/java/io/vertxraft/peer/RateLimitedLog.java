package io.vertxraft.peer;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Warnings that a peer can cause at will: each key speaks at most once a minute, and says how often
 * it held back. Safe for use by several threads.
 */
public final class RateLimitedLog {
  private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Keys contain names that a stranger may choose; beyond this many, they share one. */
  private static final int KEYS_MAX = 1_024;

  private final Logger logger;
  private final Map<String, Last> lasts = new ConcurrentHashMap<>();

  /** Warnings on a logger. */
  public RateLimitedLog(Logger logger) {
    this.logger = logger;
  }

  /**
   * Warns, unless the key has spoken within the last minute.
   *
   * @param text made only if it is logged
   */
  public void warn(String key, Supplier<String> text) {
    boolean known = lasts.containsKey(key) || lasts.size() < KEYS_MAX;
    Last last = lasts.computeIfAbsent(known ? key : "", k -> new Last());
    long heldBack = last.admit(System.nanoTime());
    if (heldBack >= 0) {
      String suffix = heldBack == 0 ? "" : " (and %d more like this)".formatted(heldBack);
      logger.log(Level.WARNING, () -> text.get() + suffix);
    }
  }

  private static final class Last {
    private boolean any;
    private long atNanos;
    private long heldBack;

    /** How many were held back since the last one admitted, or -1 to hold back this one. */
    synchronized long admit(long nowNanos) {
      if (any && nowNanos - atNanos < INTERVAL_NANOS) {
        heldBack++;
        return -1;
      }
      long count = heldBack;
      any = true;
      atNanos = nowNanos;
      heldBack = 0;
      return count;
    }
  }
}
