package io.vertxraft.testkit.oracle;

import io.vertxraft.testkit.DiskImage;
import io.vertxraft.testkit.LogChain;
import io.vertxraft.testkit.snapshot.SnapshotShelf;

/**
 * What a check may know of one node. Every call is cheap and changes nothing. There is one probe
 * per node for the whole run; lives come and go behind it.
 */
public interface NodeProbe {
  /** The node's id. */
  String nodeId();

  /** Which life it is in: 1 for the first. */
  int life();

  /**
   * Whether the node has recovered its state and is up; what follows down to the log needs that.
   */
  boolean isRunning();

  /** The node's term. */
  long term();

  /** Who has the node's vote in its term, or null. */
  String votedFor();

  /** Whether the node takes itself for the leader of its term. */
  boolean isLeader();

  /** The node's commit index. */
  long commitIndex();

  /** Index of the last entry in the node's log, whether storage knows it or not. */
  long lastIndex();

  /** Term of that entry. */
  long lastTerm();

  /**
   * The node's log as far as it was handed to storage. It lags behind {@link #lastIndex()} only
   * while a turn is under way.
   */
  LogChain log();

  /** What is durable on the node's disk. Needs no running node. */
  DiskImage disk();

  /** The snapshots on the node's disk; none by default. Needs no running node. */
  default SnapshotShelf snapshots() {
    return SnapshotShelf.EMPTY;
  }

  /** Term of the lease that serves reads at the node now, 0 if none does; needs a running node. */
  default long validLeaseTerm() {
    return 0;
  }

  /** Whether the node's disk has lost, by damage, entries that were durable on it. */
  default boolean hasLostEntries() {
    return false;
  }

  /** Whether the node's disk is short of room, so that it takes no entries. */
  default boolean isShortOfRoom() {
    return false;
  }

  /** Up to which index the node takes its log for durable. */
  default long durableIndex() {
    return 0;
  }

  /** Up to which index a leader takes a follower for equal; 0 if it knows nothing of it. */
  default long matchIndex(String follower) {
    return 0;
  }

  /** A limit of the node's options that it exceeds, in words, or null. */
  default String exceededBound() {
    return null;
  }

  /** Whether the log handed to storage is the node's log: no turn is under way. */
  default boolean isBetweenTurns() {
    return isRunning() && lastIndex() == log().lastIndex() && lastTerm() == log().lastTerm();
  }
}
