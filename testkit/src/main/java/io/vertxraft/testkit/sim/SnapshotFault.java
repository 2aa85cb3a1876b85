package io.vertxraft.testkit.sim;

import io.vertxraft.testkit.snapshot.SnapshotMedium.Step;

/** What a disk does wrong, once, to a snapshot; see {@link SimDisk#failNextSnapshotStep}. */
public enum SnapshotFault {
  /** Only the first bytes of a piece are written, and the call fails. */
  SHORT_WRITE,
  /** There is no room for a piece, though there is for everything else. */
  NO_ROOM,
  /** A sync fails: of the files, of the manifest, or of the directory. */
  SYNC_ERROR,
  /** What is there cannot be read now. */
  READ_ERROR,
  /** A write or a sync never ends, as long as the process lives. */
  HANG,
  /** A sync says it has succeeded, and a power cut loses the content after all. */
  LOST_SYNC;

  /** Whether it is about such a step. */
  boolean strikes(Step step) {
    return switch (this) {
      case SHORT_WRITE, NO_ROOM -> step == Step.APPEND;
      case SYNC_ERROR -> step.isSync();
      case READ_ERROR -> step == Step.READ || step == Step.VERIFY;
      case HANG -> step.writes();
      case LOST_SYNC -> step == Step.SYNC_FILES;
    };
  }
}
