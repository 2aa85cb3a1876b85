package io.vertxraft;

import io.vertx.codegen.annotations.VertxGen;

/** The role of a member in its group (§5.1; pre-candidate: thesis 9.6). */
@VertxGen
public enum RaftRole {
  /** Takes entries from a leader, and votes. */
  FOLLOWER,
  /** Asks around whether an election could be won, before it disturbs anybody. */
  PRE_CANDIDATE,
  /** Campaigns in a new term. */
  CANDIDATE,
  /** Orders commands and replicates them. */
  LEADER
}
