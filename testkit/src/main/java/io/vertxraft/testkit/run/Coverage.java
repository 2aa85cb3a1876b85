package io.vertxraft.testkit.run;

import io.vertxraft.consensus.Mark;
import io.vertxraft.testkit.sim.WorldMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often runs have reached each mark. Not safe for use from several threads. */
public final class Coverage {
  private final Map<String, Long> counts = new TreeMap<>();

  /** Nothing reached yet; every mark there is counts 0. */
  public Coverage() {
    for (Mark mark : Mark.values()) {
      counts.put(mark.name(), 0L);
    }
    for (WorldMark mark : WorldMark.values()) {
      counts.put(mark.name(), 0L);
    }
  }

  /** Counts a mark {@code times} more. */
  public void add(String mark, long times) {
    counts.merge(mark, times, Long::sum);
  }

  /** Takes over what another run has reached. */
  public void addAll(Coverage other) {
    other.counts.forEach(this::add);
  }

  /** How often a mark was reached. */
  public long count(String mark) {
    return counts.getOrDefault(mark, 0L);
  }

  /** Counts by name of the mark, in the order of the names. */
  public Map<String, Long> counts() {
    return new TreeMap<>(counts);
  }

  /** Marks that were reached. */
  public long reached() {
    return counts.values().stream().filter(count -> count > 0).count();
  }

  /** Marks that were not reached, of those that a batch of a profile is to reach. */
  public List<String> missed(Profile profile) {
    List<String> missed = new ArrayList<>();
    counts.forEach(
        (mark, count) -> {
          boolean reachable = profile.takesSnapshots() || !isAboutSnapshots(mark);
          if (count == 0 && reachable && !isTooRare(mark)) {
            missed.add(mark);
          }
        });
    return missed;
  }

  /**
   * Whether a batch may do without it, because stories play it. A snapshot of a later term than its
   * receiver's takes a member that needs one, hears of no newer term, and yet fetches from a member
   * that has moved on to it and saved since: not once in a thousand runs. One over a longer log
   * that contradicts it: two or three times.
   */
  private static boolean isTooRare(String mark) {
    return mark.equals(Mark.SNAPSHOT_OF_LATER_TERM.name())
        || mark.equals(Mark.SNAPSHOT_OVER_CONFLICT.name());
  }

  private static boolean isAboutSnapshots(String mark) {
    return mark.contains("SNAPSHOT")
        || mark.equals(Mark.LOG_COMPACTED.name())
        || mark.equals(Mark.APPEND_BELOW_LOG.name());
  }
}
