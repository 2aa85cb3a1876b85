package io.vertxraft;

import io.vertx.codegen.annotations.VertxGen;

/** The kinds of {@link RaftEvent}. */
@VertxGen
public enum RaftEventType {
  /** The node has opened its storage and transport and takes part in its group. */
  STARTED,
  /** The member's role or term changed. */
  ROLE_CHANGED,
  /** The member learned of a leader, or lost it. */
  LEADER_CHANGED,
  /** This leader has applied the first entry of its term and serves. */
  LEADER_READY,
  /** A leader's replication to a peer changed its state. */
  FOLLOWER_CHANGED,
  /** A leader could not hand its leadership over, and leads on. */
  TRANSFER_ENDED,
  /** A member has lost entries that it may have confirmed. */
  DAMAGE_FOUND,
  /** This member has all entries again that it had lost. */
  DAMAGE_HEALED,
  /** This member's disk is short of room, or has room again. */
  ROOM_CHANGED,
  /** A snapshot of this member's state is durable and verified. */
  SNAPSHOT_SAVED,
  /** A snapshot could not be saved, fetched or read; the cause says which, and why. */
  SNAPSHOT_FAILED,
  /** This member began to fetch a snapshot from another one. */
  SNAPSHOT_DOWNLOADING,
  /** This member has taken over the state of a snapshot of another one. */
  SNAPSHOT_INSTALLED,
  /** Entries were removed from the front of the log, which a snapshot has replaced. */
  LOG_COMPACTED,
  /** Storage or state machine failed. */
  FAULT,
  /** The node was closed. */
  STOPPED
}
