package io.vertxraft.spi;

import io.vertx.core.Future;
import java.util.List;

/** See {@link SnapshotStorage#none()}. */
final class NoSnapshots implements SnapshotStorage {
  static final NoSnapshots INSTANCE = new NoSnapshots();

  private NoSnapshots() {}

  @Override
  public List<SnapshotManifest> list() {
    return List.of();
  }

  @Override
  public Future<SnapshotDraft> save(SnapshotManifest head) {
    return refused();
  }

  @Override
  public Future<SnapshotDraft> receive(SnapshotManifest manifest) {
    return refused();
  }

  @Override
  public Future<StoredSnapshot> open(long lastIndex) {
    return refused();
  }

  @Override
  public Future<Void> delete(long lastIndex) {
    return Future.succeededFuture();
  }

  private static <T> Future<T> refused() {
    return Future.failedFuture(
        new StorageException(
            StorageException.Kind.IO_ERROR,
            "this storage keeps no snapshots: use one that implements GroupStorage.snapshots()"));
  }
}
