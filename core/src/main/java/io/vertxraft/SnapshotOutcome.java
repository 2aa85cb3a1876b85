package io.vertxraft;

import io.vertx.codegen.annotations.VertxGen;

/** Whether a snapshot was taken, or why it was skipped. */
@VertxGen
public enum SnapshotOutcome {
  /** It is durable and verified. */
  TAKEN,
  /** Skipped: too few entries have been applied since the newest one. */
  SKIPPED_NOTHING_NEW,
  /** Skipped: another one is being saved. */
  SKIPPED_SAVING,
  /** Skipped: one is being fetched from another member. */
  SKIPPED_INSTALLING,
  /** Skipped: the state machine is loading one. */
  SKIPPED_LOADING,
  /** Skipped: the disk is short of room. */
  SKIPPED_NO_ROOM,
  /** Skipped: the state machine, or the storage, has no snapshots. */
  SKIPPED_UNSUPPORTED
}
