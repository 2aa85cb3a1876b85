package io.vertxraft;

import io.vertx.codegen.annotations.VertxGen;

/** The three stages that every command passes in order. */
@VertxGen
public enum RaftStage {
  /** Taken from a caller, not yet in the log nor passed on to the leader. */
  NODE,
  /** In the log, not yet durable here. */
  LOG,
  /** Committed, not yet applied here. */
  STATE_MACHINE
}
