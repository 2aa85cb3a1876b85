package io.vertxraft.spi;

import io.vertx.core.Future;
import java.util.List;

/**
 * The snapshots of one group.
 *
 * <p>All methods of this and of what it gives out are called from the group's context, and all
 * futures complete there. Trouble with a snapshot fails the call that met it, with a {@link
 * StorageException}: {@link StorageException.Kind#CORRUPT} for content that is not what its
 * manifest says, {@link StorageException.Kind#DISK_FULL} or {@link StorageException.Kind#IO_ERROR}
 * otherwise. It never harms the log, nor other snapshots, and the next call starts afresh.
 *
 * <p>At most one draft of each kind is open at a time; whoever opens another has closed or
 * discarded the one before.
 */
public interface SnapshotStorage {
  /**
   * The manifests of all published snapshots, the newest first. A directory whose manifest cannot
   * be read is not listed. Says nothing about the content: {@link #open} does.
   */
  List<SnapshotManifest> list();

  /**
   * Begins a snapshot of this member's own state. What an earlier draft of this kind left is
   * removed.
   *
   * @param head everything but the files, which must be empty
   */
  Future<SnapshotDraft> save(SnapshotManifest head);

  /**
   * Begins, or resumes, a snapshot that comes from another member. Of what earlier drafts of this
   * kind have left, everything that belongs to {@code manifest} is used: files by name, length and
   * checksum, and the beginning of one that is not complete; of a published snapshot, any file with
   * the same length and checksum, whatever its name. The rest is removed.
   *
   * @param manifest what the snapshot is to be
   * @return the draft, whose {@link SnapshotDraft#bytes} say what is there already
   */
  Future<SnapshotDraft> receive(SnapshotManifest manifest);

  /**
   * Opens a published snapshot, after everything in it has been verified. As long as it is open, it
   * is not deleted.
   *
   * @param lastIndex which one
   */
  Future<StoredSnapshot> open(long lastIndex);

  /**
   * Deletes a published snapshot, as soon as nobody has it open; it is not listed any more at once.
   * Does nothing if there is none.
   *
   * @return completes when it is deleted, or will be
   */
  Future<Void> delete(long lastIndex);

  /** For a storage that keeps no snapshots: lists none, and refuses everything else. */
  static SnapshotStorage none() {
    return NoSnapshots.INSTANCE;
  }
}
