package io.vertxraft.leveldb;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.leveldb.FileCalls.OpenFile;
import io.vertxraft.leveldb.SnapshotThread.Lane;
import io.vertxraft.leveldb.SnapshotThread.Steps;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StoredSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A published snapshot that is held, and verified before anybody reads it. */
final class OpenSnapshot implements StoredSnapshot {
  private final GroupSnapshots group;
  private final Lane lane;
  private final SnapshotManifest manifest;
  private final Path directory;
  private final Map<String, SnapshotFile> byName = new HashMap<>();
  private final OpenFiles open;
  private Future<Void> closed;

  /** Confined to the snapshot thread. */
  private boolean released;

  /** A snapshot that the shelf says is held. */
  OpenSnapshot(GroupSnapshots group, Lane lane, SnapshotManifest manifest) {
    this.group = group;
    this.lane = lane;
    this.manifest = manifest;
    this.directory = group.paths().snapshot(manifest.lastIndex());
    this.open = new OpenFiles(group.files()::read, file -> {});
    manifest.files().forEach(file -> byName.put(file.name(), file));
  }

  Lane lane() {
    return lane;
  }

  /** Verifies everything; lets go of the snapshot if that fails. */
  Future<StoredSnapshot> verify() {
    Verification verification = new Verification(group.files(), directory, manifest);
    Steps<StoredSnapshot> work =
        new Steps<>() {
          @Override
          public void failed(Throwable cause) throws IOException {
            try {
              verification.close();
            } finally {
              release();
            }
          }
        };
    work.repeat(verification::step);
    work.then(() -> group.thread().opened(open));
    work.result(this);
    return group.submit(lane, "Opening a snapshot", work);
  }

  @Override
  public SnapshotManifest manifest() {
    return manifest;
  }

  @Override
  public Future<SnapshotChunk> read(String file, long offset, int bytesMax, boolean deflate) {
    if (group.isClosed()) {
      return Future.failedFuture(group.closedFailure());
    }
    if (closed != null) {
      return Future.failedFuture(
          new IllegalStateException(
              "the snapshot at index %d has been closed".formatted(manifest.lastIndex())));
    }
    SnapshotFile described = byName.get(file);
    if (described == null || offset < 0 || offset > described.bytes() || bytesMax < 1) {
      return Future.failedFuture(
          new IllegalArgumentException(
              "%d bytes at %d of '%s' are not in the snapshot at index %d"
                  .formatted(bytesMax, offset, file, manifest.lastIndex())));
    }
    Steps<SnapshotChunk> work = new Steps<>();
    work.then(() -> work.result(readNow(described, offset, bytesMax, deflate)));
    return group.submit(lane, "Reading a snapshot", work);
  }

  private SnapshotChunk readNow(SnapshotFile file, long offset, int bytesMax, boolean deflate)
      throws IOException {
    Path path = SnapshotPaths.file(directory, file.name());
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(bytesMax, file.bytes() - offset));
    if (piece.hasRemaining()) {
      OpenFile opened = open.get(path);
      if (FileTrees.read(opened, piece, offset) < piece.capacity()) {
        throw SnapshotErrors.corrupt(path, "it has become shorter since it was verified");
      }
    }
    Buffer data = Buffer.buffer(piece.array());
    return deflate ? SnapshotChunk.deflate(data) : SnapshotChunk.of(data);
  }

  @Override
  public Future<Void> close() {
    if (closed == null && group.isClosed()) {
      return Future.succeededFuture();
    }
    if (closed == null) {
      group.forget(this);
      closed = group.submit(lane, "Closing a snapshot", SnapshotThread.once(this::release));
    }
    return closed;
  }

  /** Closes the files and lets go. On the snapshot thread. */
  void release() throws IOException {
    if (released) {
      return;
    }
    released = true;
    try {
      group.thread().close(open);
    } finally {
      group.release(manifest.lastIndex());
    }
  }
}
