package io.vertxraft.testkit.sim;

/**
 * Corners that the simulated world itself gets into. A batch of runs in which one of them was never
 * reached has not tried what its name says; {@link SimLoop#count} tells.
 */
public enum WorldMark {
  /** Recovery met a batch of which only the beginning had reached the disk, and cut it off. */
  TORN_BATCH_CUT,
  /** Recovery cut off a whole batch because an earlier one was lost: the disk had reordered. */
  LATER_BATCH_SURVIVED_EARLIER_LOST,
  /** A batch that was not synced did not survive. */
  UNSYNCED_LOST,
  /** A batch that was not synced survived. */
  UNSYNCED_KEPT,
  /** A sync failed. */
  SYNC_FAILED,
  /** A write or an opening was refused for want of space. */
  DISK_FULL_REFUSED,
  /** A damaged entry was found by its checksum, when it was read or its log opened. */
  DAMAGE_DETECTED,
  /** The power went in the middle of what a disk had to do for a snapshot. */
  CRASH_INSIDE_SNAPSHOT,
  /** A damaged snapshot was found when it was opened. */
  SNAPSHOT_DAMAGE_DETECTED,
  /** A step of a snapshot failed on a disk. */
  SNAPSHOT_STEP_FAILED,
  /** A step of a snapshot never ended. */
  SNAPSHOT_STEP_HUNG,
  /** The power went while a name of a snapshot was not durable yet, and the name was kept. */
  SNAPSHOT_NAME_KEPT,
  /** The same, and the name was lost. */
  SNAPSHOT_NAME_LOST,
  /** A power cut left a beginning of a snapshot that was being received. */
  SNAPSHOT_DRAFT_LEFT,
  /** A power cut lost a snapshot that a disk had said was synced. */
  SNAPSHOT_SYNC_LOST,
  /** A received snapshot began with what an earlier draft, or another snapshot, had of it. */
  SNAPSHOT_DRAFT_RESUMED,
  /** The power went in the middle of a node's turn, inside one of its calls to storage. */
  CRASH_INSIDE_STORAGE_CALL,
  /** A copy of a message arrived long after the message. */
  LATE_REPLAY_DELIVERED,
  /** Such a copy reached another life of the receiver than the one the message was sent to. */
  LATE_REPLAY_TO_ANOTHER_LIFE,
  /** A connection broke, and what was in flight on it was lost. */
  CONNECTION_RESET,
  /** A message arrived a second time. */
  DUPLICATE_DELIVERED,
  /** A message arrived after one that was sent later on the same lane of the same link. */
  REORDERED,
  /** A message was held back by a clogged link. */
  CLOGGED,
  /** A message waited because others used up the bandwidth. */
  BANDWIDTH_QUEUED,
  /** A process was stopped for a second or longer. */
  FROZEN_FOR_A_SECOND,
  /** A wall clock was set back. */
  WALL_CLOCK_SET_BACK,
  /** A monotonic clock changed its rate while its node was running. */
  CLOCK_RATE_CHANGED;

  static final WorldMark[] ALL = values();
}
