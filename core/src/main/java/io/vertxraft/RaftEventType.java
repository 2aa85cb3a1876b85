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
  /** Storage or state machine failed. */
  FAULT,
  /** The node was closed. */
  STOPPED
}
