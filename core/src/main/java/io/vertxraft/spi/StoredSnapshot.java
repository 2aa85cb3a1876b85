package io.vertxraft.spi;

import io.vertx.core.Future;

/** A published snapshot that is open for reading. See {@link SnapshotStorage}. */
public interface StoredSnapshot {
  /** What it is of and consists of. */
  SnapshotManifest manifest();

  /**
   * Reads a piece of a file.
   *
   * @param file its name
   * @param offset where to begin, from 0 to the file's length
   * @param bytesMax the most bytes of the file to read, at least 1
   * @param deflate whether to deflate what is read, if that makes it smaller
   * @return the piece, of {@code bytesMax} bytes unless the file ends before
   */
  Future<SnapshotChunk> read(String file, long offset, int bytesMax, boolean deflate);

  /** Lets go of the snapshot. Idempotent. */
  Future<Void> close();
}
