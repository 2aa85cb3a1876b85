package io.vertxraft.spi;

import io.vertx.core.Future;

/**
 * A snapshot that is being written; nobody sees it before it is {@linkplain #publish published}.
 * See {@link SnapshotStorage} for context and failures. After the first call that fails, only
 * {@link #close} and {@link #discard} make sense.
 */
public interface SnapshotDraft {
  /**
   * Bytes of a file that are there.
   *
   * @param file its name
   * @return 0 for a file that has not been begun
   */
  long bytes(String file);

  /**
   * Appends to a file. Appends are carried out in the order of the calls; the caller keeps few of
   * them under way.
   *
   * @param file its name; a new name begins a file, also with an empty chunk
   * @param chunk what to append
   * @return completes when the chunk is written, though not synced
   */
  Future<Void> append(String file, SnapshotChunk chunk);

  /**
   * Makes the snapshot durable and visible: syncs the files, writes and syncs the manifest, renames
   * the directory, syncs the directory above; then opens it again and verifies every byte. A draft
   * of a snapshot that is received must be equal to the manifest it was begun with. Publishing a
   * snapshot with the index of a published one replaces nothing: the draft is dropped, and the
   * published one is verified in its place.
   *
   * @return the manifest as published, files with lengths and checksums
   */
  Future<SnapshotManifest> publish();

  /** Gives the draft up and removes it. Idempotent; does nothing once it is published. */
  Future<Void> discard();

  /**
   * Lets go of the draft. What was received stays, for {@link SnapshotStorage#receive} to resume,
   * also after a restart; what was saved is removed. Idempotent.
   */
  Future<Void> close();
}
