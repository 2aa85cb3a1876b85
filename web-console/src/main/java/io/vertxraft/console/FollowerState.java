package io.vertxraft.console;

/**
 * How well a follower keeps up, in one word. The rule, first match wins; "the window" is what was
 * seen in the last {@link #WINDOW_MS}:
 *
 * <ol>
 *   <li>{@link #STALLED}: it says itself that it has failed; or it has never answered this leader,
 *       or not for {@code silentAfterMs}; or it fetches a snapshot and has got no more of it for
 *       {@link #SNAPSHOT_STILL_MS_MAX}; or it fetches none, lacks entries, and its match index has
 *       not moved over a full window.
 *   <li>{@link #SNAPSHOT}: it fetches a snapshot.
 *   <li>{@link #HEALTHY}: it lacks at most {@code lagEntriesMax} entries, or only entries that are
 *       less than {@link #LAG_MS_MAX} old.
 *   <li>{@link #FALLING_BEHIND}: it lacks more entries than at the start of the window.
 *   <li>{@link #CATCHING_UP}: otherwise.
 * </ol>
 */
public enum FollowerState {
  /** In step with the leader. */
  HEALTHY,
  /** Far behind, and the gap does not grow. */
  CATCHING_UP,
  /** Far behind, and the gap grows. */
  FALLING_BEHIND,
  /** Given a snapshot, because entries that it lacks are gone from the leader's log. */
  SNAPSHOT,
  /** Silent, or taking neither entries nor a snapshot. */
  STALLED;

  /** Length of the window over which movement is judged. */
  public static final long WINDOW_MS = 3_000;

  /** A follower whose missing entries are all younger than this is in step. */
  public static final long LAG_MS_MAX = 1_000;

  /** Both ends verify every byte of a snapshot, during which none of them moves. */
  public static final long SNAPSHOT_STILL_MS_MAX = 30_000;

  /**
   * What is known of a follower at one moment.
   *
   * @param contactAgeMs milliseconds since it last answered, or -1 if never
   * @param lagEntries entries of the leader's log that it lacks
   * @param lagMs age of the oldest entry it lacks, or -1 if not known
   * @param lagEntriesBefore the same number at the start of the window, or -1 if there is no full
   *     window
   * @param moved whether its match index moved within the window
   * @param snapshotStillMs for how long it has got no more of the snapshot it fetches, or -1 if it
   *     fetches none
   */
  public record Sample(
      long contactAgeMs,
      long lagEntries,
      long lagMs,
      long lagEntriesBefore,
      boolean moved,
      long snapshotStillMs) {}

  /** Applies the rule. */
  public static FollowerState of(Sample sample, long silentAfterMs, long lagEntriesMax) {
    if (sample.contactAgeMs() < 0 || sample.contactAgeMs() > silentAfterMs) {
      return STALLED;
    }
    if (sample.snapshotStillMs() >= 0) {
      return sample.snapshotStillMs() > SNAPSHOT_STILL_MS_MAX ? STALLED : SNAPSHOT;
    }
    boolean fullWindow = sample.lagEntriesBefore() >= 0;
    boolean lackedThenAndNow = sample.lagEntries() > 0 && sample.lagEntriesBefore() > 0;
    if (fullWindow && lackedThenAndNow && !sample.moved()) {
      return STALLED;
    }
    boolean recent = sample.lagMs() >= 0 && sample.lagMs() <= LAG_MS_MAX;
    if (sample.lagEntries() <= lagEntriesMax || recent) {
      return HEALTHY;
    }
    boolean grows = fullWindow && sample.lagEntries() > sample.lagEntriesBefore();
    return grows ? FALLING_BEHIND : CATCHING_UP;
  }
}
