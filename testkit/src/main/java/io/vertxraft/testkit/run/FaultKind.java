package io.vertxraft.testkit.run;

/** What a {@link Fault} does. */
public enum FaultKind {
  /** Power cut of the node's machine. */
  CRASH(FaultFamily.CRASHES),
  /** The node's process is killed; its operating system lives. */
  KILL(FaultFamily.CRASHES),
  /** Power cut inside one of the node's next storage calls; value: which, from 1. */
  CRASH_IN_STORAGE(FaultFamily.CRASHES),
  /** Power cut inside one of the next steps of a snapshot on the node's disk; value: which. */
  CRASH_IN_SNAPSHOT(FaultFamily.CRASHES),
  /** The node starts if it is down, and starts anew if its process lives but serves no more. */
  RESTART(null),
  /** The nodes named are cut off from the others. */
  PARTITION(FaultFamily.PARTITIONS),
  /** The second node no longer hears the first. */
  CUT(FaultFamily.PARTITIONS),
  /** The node is no longer heard (value 0) or hears nothing (value 1). */
  HALF_ISOLATE(FaultFamily.PARTITIONS),
  /** The others fall into two halves that only the node named reaches. */
  BRIDGE(FaultFamily.PARTITIONS),
  /** All cuts and clogs of the network end. */
  HEAL(null),
  /** The connection between two nodes breaks; what is in flight is lost. */
  RESET(FaultFamily.CONNECTIONS),
  /** What the first node sends to the second is held back; value: milliseconds. */
  CLOG(FaultFamily.CONNECTIONS),
  /** Links stop one by one and come back in another order; value: milliseconds. */
  SWIZZLE_CLOG(FaultFamily.CONNECTIONS),
  /** The node's process stops; value: milliseconds. */
  FREEZE(FaultFamily.PAUSES),
  /** The node's disk stops; value: milliseconds. */
  STALL(FaultFamily.SLOW_DISKS),
  /** The node's disk takes longer from now on; value: how many times. */
  SLOW_DISK(FaultFamily.SLOW_DISKS),
  /** The node's next sync fails. */
  FAIL_SYNC(FaultFamily.DISK_ERRORS),
  /** The node's disk is full. */
  FILL_DISK(FaultFamily.DISK_ERRORS),
  /** The node's disk has room again. */
  FREE_DISK(null),
  /** The node's disk has room for little only. */
  RUN_LOW(FaultFamily.DISK_ERRORS),
  /** A step of a snapshot goes wrong on the node's disk; value: ordinal of the way it does. */
  FAIL_SNAPSHOT(FaultFamily.SNAPSHOTS),
  /** The node is told to take a snapshot. */
  TAKE_SNAPSHOT(FaultFamily.SNAPSHOTS),
  /**
   * The node is cut off from all others, and clients send it commands at the same instant: if it
   * leads, its log gets an end of its own; value: how many commands.
   */
  WRITE_APART(FaultFamily.SNAPSHOTS),
  /** The node, if it leads, is asked to hand over to the second node, or to anybody (value 1). */
  TRANSFER(FaultFamily.HANDOVERS),
  /** The node is closed in good order. */
  CLOSE(FaultFamily.HANDOVERS),
  /** One bit of what the node's disk holds turns. */
  FLIP_BIT(FaultFamily.DAMAGE),
  /** One bit of a snapshot on the node's disk turns. */
  FLIP_SNAPSHOT_BIT(FaultFamily.DAMAGE),
  /** The next snapshot on the node's disk does not survive a power cut, though it was synced. */
  LOSE_SNAPSHOT_SYNC(FaultFamily.DAMAGE),
  /** The node's wall clock is set; value: milliseconds, either way. */
  SET_WALL_CLOCK(FaultFamily.CLOCKS),
  /** The node's monotonic clock runs at another rate; value: per mille of true time. */
  CLOCK_RATE(FaultFamily.CLOCKS);

  private final FaultFamily family;

  FaultKind(FaultFamily family) {
    this.family = family;
  }

  /** The family it belongs to; null for what mends. */
  public FaultFamily family() {
    return family;
  }
}
