package io.vertxraft.leveldb;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How much of the segments of the journal is needed, and by which groups: the long runs that the
 * database has places of.
 */
final class SegmentUses {
  private static final System.Logger LOG = System.getLogger(SegmentUses.class.getName());

  /** Bytes by segment and group. */
  private final TreeMap<Long, Map<Integer, Long>> segments = new TreeMap<>();

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

  /** A place has entered the database. */
  void note(byte[] key, RunPlace place) {
    segments
        .computeIfAbsent(place.segment(), number -> new HashMap<>())
        .merge(Keys.group(key), (long) place.length(), Long::sum);
  }

  /** A place is in the database no more. */
  void drop(byte[] key, RunPlace place) {
    Map<Integer, Long> groups = segments.getOrDefault(place.segment(), Map.of());
    long left = groups.getOrDefault(Keys.group(key), 0L) - place.length();
    if (left > 0) {
      groups.put(Keys.group(key), left);
    } else if (!groups.isEmpty()) {
      groups.remove(Keys.group(key));
    }
  }

  /** Nothing is needed of a segment any more. */
  void forget(long segment) {
    segments.remove(segment);
  }

  /** How many bytes of a segment are needed. */
  long neededBytes(long segment) {
    if (incomplete) {
      return Long.MAX_VALUE;
    }
    long bytes = 0;
    for (long ofGroup : segments.getOrDefault(segment, Map.of()).values()) {
      bytes += ofGroup;
    }
    return bytes;
  }

  /** Numbers of the groups that need a segment. */
  Set<Integer> groups(long segment) {
    return Set.copyOf(segments.getOrDefault(segment, Map.of()).keySet());
  }
}
