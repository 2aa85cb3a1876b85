package io.vertxraft.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The frames of the last minutes, each deflated on its own, bounded in time and bytes: the oldest
 * go first. Confined to the console's context, but for what {@link Moment} offers.
 */
final class HistoryRing {
  /** What a frame costs besides its bytes. */
  private static final int MOMENT_BYTES = 200;

  private final long historyMs;
  private final long bytesMax;
  private final TreeMap<Long, Moment> moments = new TreeMap<>();
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final byte[] scratch = new byte[8 * 1024];
  private long bytes;

  /** A recorded frame. */
  record Moment(
      long timeMs,
      ClusterHealth health,
      String leaderId,
      long term,
      String headline,
      byte[] deflated) {

    /** The frame as it was encoded; any thread. */
    String frame() {
      Inflater inflater = new Inflater(true);
      try {
        inflater.setInput(deflated);
        ByteArrayOutputStream out = new ByteArrayOutputStream(8 * deflated.length);
        byte[] buffer = new byte[8 * 1024];
        while (!inflater.finished()) {
          out.write(buffer, 0, inflater.inflate(buffer));
        }
        return out.toString(StandardCharsets.UTF_8);
      } catch (DataFormatException e) {
        throw new IllegalStateException("a frame of the history cannot be inflated", e);
      } finally {
        inflater.end();
      }
    }

    private boolean isLike(Moment other) {
      return health == other.health
          && term == other.term
          && Objects.equals(leaderId, other.leaderId);
    }

    private int cost() {
      return deflated.length + headline.length() + MOMENT_BYTES;
    }
  }

  HistoryRing(long historyMs, long bytesMax) {
    this.historyMs = historyMs;
    this.bytesMax = bytesMax;
  }

  /** Records a picture; one of the same millisecond takes the place of the earlier. */
  void add(Picture picture) {
    if (historyMs == 0 || bytesMax == 0) {
      return;
    }
    Explanation explanation = picture.explanation();
    Moment moment =
        new Moment(
            picture.view().timeMs(),
            explanation.health(),
            explanation.leaderId(),
            picture.term(),
            explanation.headline(),
            deflate(picture.encoded()));
    // The wall clock may have been set back: what seems to lie in the future would stay for ever.
    moments.tailMap(moment.timeMs(), true).values().forEach(gone -> bytes -= gone.cost());
    moments.tailMap(moment.timeMs(), true).clear();
    moments.put(moment.timeMs(), moment);
    bytes += moment.cost();
    while (!moments.isEmpty()
        && (bytes > bytesMax || moments.firstKey() < moment.timeMs() - historyMs)) {
      bytes -= moments.pollFirstEntry().getValue().cost();
    }
  }

  private byte[] deflate(String text) {
    deflater.reset();
    deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream(2 * 1024);
    while (!deflater.finished()) {
      out.write(scratch, 0, deflater.deflate(scratch));
    }
    return out.toByteArray();
  }

  long bytes() {
    return bytes;
  }

  /** The newest moment at or before a time, else the oldest; null if nothing is recorded. */
  Moment at(long timeMs) {
    if (moments.isEmpty()) {
      return null;
    }
    var floor = moments.floorEntry(timeMs);
    return (floor == null ? moments.firstEntry() : floor).getValue();
  }

  Long before(Moment moment) {
    return moments.lowerKey(moment.timeMs());
  }

  Long after(Moment moment) {
    return moments.higherKey(moment.timeMs());
  }

  Long firstMs() {
    return moments.isEmpty() ? null : moments.firstKey();
  }

  Long lastMs() {
    return moments.isEmpty() ? null : moments.lastKey();
  }

  /** The moments from one time to another, both included, oldest first. */
  List<Moment> between(long fromMs, long toMs) {
    return fromMs > toMs
        ? List.of()
        : List.copyOf(moments.subMap(fromMs, true, toMs, true).values());
  }

  /** At most {@code max} of the moments, spread evenly; the first and the last stay. */
  static List<Moment> thinned(List<Moment> all, int max) {
    if (all.size() <= max) {
      return all;
    }
    List<Moment> kept = new ArrayList<>(max);
    for (int i = 0; i < max; i++) {
      int at = max == 1 ? all.size() - 1 : (int) ((long) i * (all.size() - 1) / (max - 1));
      kept.add(all.get(at));
    }
    return kept;
  }

  /**
   * Runs of moments with the same health, leader and term.
   *
   * @param gapMs two moments further apart are of different runs
   */
  static JsonArray spans(List<Moment> moments, long gapMs) {
    JsonArray spans = new JsonArray();
    int start = 0;
    for (int i = 1; i <= moments.size(); i++) {
      boolean goesOn =
          i < moments.size()
              && moments.get(i).isLike(moments.get(start))
              && moments.get(i).timeMs() - moments.get(i - 1).timeMs() <= gapMs;
      if (!goesOn) {
        spans.add(span(moments.subList(start, i)));
        start = i;
      }
    }
    return spans;
  }

  private static JsonObject span(List<Moment> run) {
    Moment first = run.get(0);
    return new JsonObject()
        .put("fromMs", first.timeMs())
        .put("toMs", run.get(run.size() - 1).timeMs())
        .put("health", first.health().name())
        .put("leaderId", first.leaderId())
        .put("term", first.term())
        .put("frames", run.size())
        .put("headline", first.headline());
  }

  /** Forgets everything; nothing is recorded any more. */
  void close() {
    moments.clear();
    bytes = 0;
    deflater.end();
  }
}
