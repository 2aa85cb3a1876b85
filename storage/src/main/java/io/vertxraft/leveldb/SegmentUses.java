package io.vertxraft.leveldb;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntToLongFunction;

/**
 * Which segments of the journal have long runs, and of which groups: a segment is needed as long as
 * one of the groups has not cut off its log behind them. What a group has written over is counted
 * until then.
 */
final class SegmentUses {
  /** What a group has in a segment. */
  private static final class Use {
    long lastIndex;
    long bytes;
  }

  private static final System.Logger LOG = System.getLogger(SegmentUses.class.getName());

  private final TreeMap<Long, Map<Integer, Use>> segments = new TreeMap<>();

  /** Whether there may be others. */
  private boolean incomplete;

  /** What a database has. */
  static SegmentUses of(Database database) {
    SegmentUses uses = new SegmentUses();
    try {
      database.scanPlaces(
          Keys.of(Keys.RUN, 0, 0),
          (key, record) -> {
            if (RunPlace.is(key, record)) {
              uses.note(key, RunPlace.decode(record));
            }
            return true;
          });
    } catch (IOException | RuntimeException e) {
      // Whatever was acknowledged has been read before; the rest shows when it is to be deleted.
      String what = "no segment of the journal in " + database.files() + " will be given free";
      LOG.log(System.Logger.Level.WARNING, what, e);
      uses.incomplete = true;
    }
    return uses;
  }

  /** Notes that a run stands in the journal. */
  void note(byte[] key, RunPlace place) {
    Use use =
        segments
            .computeIfAbsent(place.segment(), number -> new HashMap<>())
            .computeIfAbsent(Keys.group(key), group -> new Use());
    use.lastIndex = Math.max(use.lastIndex, Keys.index(key));
    use.bytes += place.length();
  }

  /** Nothing is needed of a segment any more. */
  void forget(long segment) {
    segments.remove(segment);
  }

  /** Numbers of the segments with runs. */
  SortedSet<Long> segments() {
    return new TreeSet<>(segments.keySet());
  }

  /**
   * How many bytes of a segment are needed, at most.
   *
   * @param clearedTo of a group by its number, below which it has no runs
   */
  long neededBytes(long segment, IntToLongFunction clearedTo) {
    long bytes = incomplete ? Long.MAX_VALUE / 2 : 0;
    for (Map.Entry<Integer, Use> use : segments.getOrDefault(segment, Map.of()).entrySet()) {
      if (use.getValue().lastIndex >= clearedTo.applyAsLong(use.getKey())) {
        bytes += use.getValue().bytes;
      }
    }
    return bytes;
  }

  /** Where the last run of each group in a segment begins that needs it. */
  Map<Integer, Long> needing(long segment, IntToLongFunction clearedTo) {
    Map<Integer, Long> groups = new TreeMap<>();
    segments
        .getOrDefault(segment, Map.of())
        .forEach(
            (group, use) -> {
              if (use.lastIndex >= clearedTo.applyAsLong(group)) {
                groups.put(group, use.lastIndex);
              }
            });
    return groups;
  }
}
