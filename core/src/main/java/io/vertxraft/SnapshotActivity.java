package io.vertxraft;

import io.vertx.codegen.annotations.VertxGen;

/** What a member is doing about snapshots. */
@VertxGen
public enum SnapshotActivity {
  /** Nothing. */
  IDLE,
  /** The state machine writes its state. */
  SAVING,
  /** One is being fetched from another member. */
  DOWNLOADING,
  /** The state machine takes over the state of one. */
  LOADING
}
