package io.vertxraft.leveldb;

import io.vertx.core.Future;
import io.vertxraft.leveldb.SnapshotThread.Lane;
import io.vertxraft.leveldb.SnapshotThread.Steps;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Path;

/** A draft in its directory, one of our own or one that is received. Confined to the context. */
final class Draft implements SnapshotDraft {
  private final GroupSnapshots group;
  private final Lane lane;
  private final Path directory;
  private final DraftFiles content;
  private final SnapshotManifest manifest;
  private final boolean received;
  private final FileNames names = new FileNames();
  private Future<SnapshotManifest> publication;
  private Future<Void> end;

  /**
   * A draft.
   *
   * @param manifest of one that is received what it is to be, else everything but the files
   */
  Draft(
      GroupSnapshots group,
      Lane lane,
      Path directory,
      DraftFiles content,
      SnapshotManifest manifest,
      boolean received) {
    this.group = group;
    this.lane = lane;
    this.directory = directory;
    this.content = content;
    this.manifest = manifest;
    this.received = received;
    manifest.files().forEach(file -> names.add(file.name()));
  }

  SnapshotManifest manifest() {
    return manifest;
  }

  DraftFiles content() {
    return content;
  }

  /** Whether another draft of this kind may be begun. */
  boolean hasEnded() {
    return end != null || isPublished();
  }

  private boolean isPublished() {
    return publication != null && publication.succeeded();
  }

  @Override
  public long bytes(String file) {
    return content.bytes(file);
  }

  @Override
  public Future<Void> append(String file, SnapshotChunk chunk) {
    if (group.isClosed()) {
      return Future.failedFuture(group.closedFailure());
    }
    if (end != null || publication != null) {
      return Future.failedFuture(ended());
    }
    try {
      if (received && !names.has(file)) {
        throw new IllegalArgumentException(
            "the manifest of the snapshot at index %d does not list the file '%s'"
                .formatted(manifest.lastIndex(), file));
      }
      names.add(file);
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
    return group.submit(lane, what(), SnapshotThread.once(() -> content.append(file, chunk)));
  }

  @Override
  public Future<SnapshotManifest> publish() {
    if (group.isClosed()) {
      return Future.failedFuture(group.closedFailure());
    }
    if (end != null || publication != null) {
      return Future.failedFuture(ended());
    }
    publication =
        group.submit(lane, what(), new Publication(group, directory, content, manifest, received));
    return publication;
  }

  private String what() {
    return received ? "Receiving a snapshot" : "Saving a snapshot";
  }

  private IllegalStateException ended() {
    return new IllegalStateException(
        "the draft of the snapshot at index %d has been published, closed or discarded"
            .formatted(manifest.lastIndex()));
  }

  @Override
  public Future<Void> discard() {
    return end(true);
  }

  @Override
  public Future<Void> close() {
    return end(!received);
  }

  private Future<Void> end(boolean remove) {
    if (end != null) {
      return end;
    }
    if (isPublished() || group.isClosed()) {
      return Future.succeededFuture();
    }
    Steps<Void> work = new Steps<>();
    work.then(
        () -> {
          // Known only now: a publication may have been under way.
          if (!content.isPublished() && remove) {
            group.thread().close(content);
            FileTrees.delete(group.files(), directory);
          } else {
            release();
          }
        });
    end = group.submit(lane, what(), work);
    return end;
  }

  /** Closes its files, which are durable then as far as they go. On the snapshot thread. */
  void release() throws IOException {
    try {
      content.settle();
    } finally {
      group.thread().close(content);
    }
  }
}
