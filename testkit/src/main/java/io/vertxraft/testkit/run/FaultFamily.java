package io.vertxraft.testkit.run;

/**
 * Kinds of trouble that belong together. A run has some of them and not the others: runs with few
 * kinds find other things than runs with all of them.
 */
public enum FaultFamily {
  /** Power cuts and killed processes, also in the middle of a node's work. */
  CRASHES,
  /** Nodes that do not reach each other, in all shapes. */
  PARTITIONS,
  /** Connections that break, links that hold everything back. */
  CONNECTIONS,
  /** Messages that are lost. */
  LOSS,
  /** Messages that arrive twice. */
  DUPLICATION,
  /** Messages that arrive once more minutes later. */
  LATE_REPLAY,
  /** Links with little bandwidth. */
  BANDWIDTH,
  /** Processes that stop for a while. */
  PAUSES,
  /** Disks that are slow or stall. */
  SLOW_DISKS,
  /** Disks that fail or fill up. */
  DISK_ERRORS,
  /**
   * Snapshots that cannot be written, synced or read, or whose saving never ends; and logs that
   * contradict them.
   */
  SNAPSHOTS,
  /** Disks that damage what they hold. */
  DAMAGE,
  /** Leaders that are asked to hand over, and members that are closed in good order. */
  HANDOVERS,
  /** Clocks that drift and jump. */
  CLOCKS
}
