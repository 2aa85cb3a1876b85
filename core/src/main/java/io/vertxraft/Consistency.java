package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * How fresh the answer to a {@link RaftNode#read read} must be. Immutable.
 *
 * <table>
 * <caption>From the strongest promise to the cheapest read</caption>
 * <tr><th>level</th><th>the answer contains</th><th>it costs</th></tr>
 * <tr><td>{@link #LINEARIZABLE}</td><td>everything acknowledged before the read began</td>
 *     <td>one round of heartbeats, shared by all reads that wait for it</td></tr>
 * <tr><td>{@link #LEASE}</td><td>the same, as long as no member's clock runs faster than another's
 *     by more than {@link RaftOptions#getClockDriftMaxPercent()}</td>
 *     <td>nothing on a leader whose lease is valid; else as linearizable</td></tr>
 * <tr><td>{@link #bounded bounded}</td><td>everything acknowledged so and so long before the read
 *     began</td><td>nothing if something as fresh is known already; else as linearizable</td></tr>
 * <tr><td>{@link #LOCAL}</td><td>what this member has applied, however old</td><td>nothing</td></tr>
 * </table>
 */
@DataObject
public class Consistency {
  /** The kinds of promises. */
  public enum Level {
    /** See {@link Consistency#LINEARIZABLE}. */
    LINEARIZABLE,
    /** See {@link Consistency#LEASE}. */
    LEASE,
    /** See {@link Consistency#bounded}. */
    BOUNDED,
    /** See {@link Consistency#LOCAL}. */
    LOCAL
  }

  /** The answer contains everything that was acknowledged before the read began. */
  public static final Consistency LINEARIZABLE = new Consistency(Level.LINEARIZABLE, 0);

  /** As {@link #LINEARIZABLE}, on the strength of the leader's lease where it is valid. */
  public static final Consistency LEASE = new Consistency(Level.LEASE, 0);

  /** The answer is whatever this member has applied. */
  public static final Consistency LOCAL = new Consistency(Level.LOCAL, 0);

  private static final long AGE_MAX_MS = 86_400_000;
  private static final String BOUNDED_PREFIX = "bounded:";

  private final Level level;
  private final long maxAgeMs;

  private Consistency(Level level, long maxAgeMs) {
    this.level = level;
    this.maxAgeMs = maxAgeMs;
  }

  /** Copies. */
  public Consistency(Consistency other) {
    this(other.level, other.maxAgeMs);
  }

  /** Reads {@code level} and {@code maxAgeMs}. */
  public Consistency(JsonObject json) {
    this(parse(text(json)));
  }

  private static String text(JsonObject json) {
    String level = json.getString("level", "");
    return level.equalsIgnoreCase(Level.BOUNDED.name())
        ? BOUNDED_PREFIX + json.getValue("maxAgeMs")
        : level;
  }

  /**
   * The answer contains everything that was acknowledged {@code maxAgeMs} before the read began.
   *
   * @param maxAgeMs 1 to 86,400,000 milliseconds
   */
  public static Consistency bounded(long maxAgeMs) {
    if (maxAgeMs < 1 || maxAgeMs > AGE_MAX_MS) {
      throw new IllegalArgumentException(
          "a bounded read of %d ms: allowed is 1 to %d".formatted(maxAgeMs, AGE_MAX_MS));
    }
    return new Consistency(Level.BOUNDED, maxAgeMs);
  }

  /**
   * Reads the form {@code linearizable}, {@code lease}, {@code bounded:MS} or {@code local}.
   *
   * @throws IllegalArgumentException naming the text that has none of these forms
   */
  public static Consistency parse(String text) {
    switch (text.toLowerCase(Locale.ROOT)) {
      case "linearizable":
        return LINEARIZABLE;
      case "lease":
        return LEASE;
      case "local":
        return LOCAL;
      default:
        break;
    }
    if (text.toLowerCase(Locale.ROOT).matches(BOUNDED_PREFIX + "\\d{1,9}")) {
      return bounded(Long.parseLong(text.substring(BOUNDED_PREFIX.length())));
    }
    throw new IllegalArgumentException(
        "consistency '%s' is none of linearizable, lease, bounded:MS (milliseconds) and local"
            .formatted(text));
  }

  /** The kind of promise. */
  public Level getLevel() {
    return level;
  }

  /** For a bounded read how old the answer may be, in milliseconds; else 0. */
  public long getMaxAgeMs() {
    return maxAgeMs;
  }

  /** The JSON form that {@link #Consistency(JsonObject)} reads. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject().put("level", level.name());
    return level == Level.BOUNDED ? json.put("maxAgeMs", maxAgeMs) : json;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Consistency that && level == that.level && maxAgeMs == that.maxAgeMs;
  }

  @Override
  public int hashCode() {
    return 31 * level.hashCode() + Long.hashCode(maxAgeMs);
  }

  /** The form that {@link #parse} reads. */
  @Override
  public String toString() {
    String name = level.name().toLowerCase(Locale.ROOT);
    return level == Level.BOUNDED ? name + ":" + maxAgeMs : name;
  }
}
