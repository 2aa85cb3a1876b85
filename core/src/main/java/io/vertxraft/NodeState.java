package io.vertxraft;

import io.vertx.codegen.annotations.VertxGen;

/** The life of a {@link RaftNode}. */
@VertxGen
public enum NodeState {
  /** Created, or opening its storage and transport. */
  STARTING,
  /** Takes part in its group. */
  RUNNING,
  /** Storage or state machine failed; answers {@code status()} only. */
  FAILED,
  /** Closed. */
  STOPPED
}
