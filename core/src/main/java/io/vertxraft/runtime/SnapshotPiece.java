package io.vertxraft.runtime;

import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import java.util.Iterator;

/** A piece of a file that is fetched from another member. */
final class SnapshotPiece {
  final String file;
  final long offset;
  int length;

  /** What has arrived; null before. */
  SnapshotChunk chunk;

  boolean handedOver;
  boolean appended;

  SnapshotPiece(String file, long offset, int length) {
    this.file = file;
    this.offset = offset;
    this.length = length;
  }

  /** Cuts off what did not come along, and gives it. */
  SnapshotPiece split(int arrived) {
    SnapshotPiece rest = new SnapshotPiece(file, offset + arrived, length - arrived);
    length = arrived;
    return rest;
  }

  /** All that a draft lacks of a snapshot, piece by piece, in the order of the files. */
  static final class Source {
    private final Iterator<SnapshotFile> files;
    private final SnapshotDraft draft;
    private final int bytesMax;
    private SnapshotFile file;
    private long offset;

    Source(SnapshotManifest manifest, SnapshotDraft draft, int bytesMax) {
      this.files = manifest.files().iterator();
      this.draft = draft;
      this.bytesMax = bytesMax;
    }

    /** The next piece, or null if there is none. An empty file is a piece of no bytes. */
    SnapshotPiece next() {
      while (file == null) {
        if (!files.hasNext()) {
          return null;
        }
        file = files.next();
        offset = draft.bytes(file.name());
        if (offset >= file.bytes() && offset > 0) {
          file = null;
        }
      }
      int length = (int) Math.min(bytesMax, file.bytes() - offset);
      SnapshotPiece piece = new SnapshotPiece(file.name(), offset, length);
      offset += length;
      if (offset == file.bytes()) {
        file = null;
      }
      return piece;
    }
  }
}
