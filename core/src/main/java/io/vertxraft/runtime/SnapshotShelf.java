package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StoredSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The snapshots that a member has, and which of them can be relied on. Confined to the node's
 * context.
 *
 * <p>One that could not be read is not deleted at once: on the next look it may be readable after
 * all, and there may be nothing better. It goes when a newer one is there.
 */
final class SnapshotShelf {
  private final SnapshotStorage storage;
  private final int kept;
  private final Set<Long> unreadable = new TreeSet<>();

  /** Being published: perhaps there already, but nobody has verified them yet. */
  private final Set<Long> publishing = new TreeSet<>();

  private List<SnapshotManifest> readable = List.of();

  /**
   * A shelf with what the storage lists.
   *
   * @param kept how many are kept
   * @param unreadable last indexes of those that are known to be of no use
   */
  SnapshotShelf(SnapshotStorage storage, int kept, Set<Long> unreadable) {
    this.storage = storage;
    this.kept = kept;
    this.unreadable.addAll(unreadable);
    look();
  }

  private void look() {
    List<SnapshotManifest> found = new ArrayList<>(storage.list());
    unreadable.removeIf(index -> found.stream().noneMatch(m -> m.lastIndex() == index));
    found.removeIf(
        manifest ->
            unreadable.contains(manifest.lastIndex()) || publishing.contains(manifest.lastIndex()));
    readable = List.copyOf(found);
  }

  /** Those that can be relied on, the newest first. */
  List<SnapshotManifest> readable() {
    return readable;
  }

  /** The newest of them, or null. */
  SnapshotManifest newest() {
    return readable.isEmpty() ? null : readable.get(0);
  }

  /** Last index of the newest, 0 if there is none. */
  long newestIndex() {
    return readable.isEmpty() ? 0 : readable.get(0).lastIndex();
  }

  /** Last index of the oldest that is kept, 0 unless at least two are there. */
  long oldestKeptIndex() {
    int count = Math.min(kept, readable.size());
    return count < 2 ? 0 : readable.get(count - 1).lastIndex();
  }

  /**
   * A snapshot is on its way to the shelf. It counts when it was {@linkplain #published published},
   * and not before, however long that takes.
   */
  void publishing(long lastIndex) {
    publishing.add(lastIndex);
    look();
  }

  /** A snapshot was published, and verified. */
  void published(long lastIndex) {
    publishing.remove(lastIndex);
    unreadable.remove(lastIndex);
    look();
  }

  /**
   * It could not be published. Should it be there all the same, nobody has verified it, unless
   * another attempt has.
   */
  void notPublished(long lastIndex) {
    if (publishing.remove(lastIndex)) {
      unreadable.add(lastIndex);
      look();
    }
  }

  /** A snapshot cannot be read, and counts no more; returns whether that is news. */
  boolean foundUnreadable(long lastIndex) {
    boolean news = readable.stream().anyMatch(manifest -> manifest.lastIndex() == lastIndex);
    unreadable.add(lastIndex);
    look();
    return news;
  }

  /**
   * Makes place for a snapshot that ends where one ends that could not be read. It goes only if it
   * is damaged: another one may be good, and the only one that the log goes on from; publishing the
   * new one then verifies it in its place.
   */
  Future<Void> clear(long lastIndex) {
    if (!unreadable.contains(lastIndex)) {
      return Future.succeededFuture();
    }
    return Calls.guarded(() -> storage.open(lastIndex))
        .compose(
            StoredSnapshot::close,
            cause -> isDamage(cause) ? lookAfter(delete(lastIndex)) : Future.succeededFuture());
  }

  private static boolean isDamage(Throwable cause) {
    return cause instanceof StorageException e && e.kind() == StorageException.Kind.CORRUPT;
  }

  /**
   * Deletes what is beyond the number that is kept, what cannot be read, and what the log does not
   * go on from; never the newest.
   *
   * @param firstIndex where the log begins
   */
  Future<Void> deleteOld(long firstIndex) {
    List<Future<Void>> deletions = new ArrayList<>();
    for (int i = 1; i < readable.size(); i++) {
      long lastIndex = readable.get(i).lastIndex();
      if (i >= kept || lastIndex + 1 < firstIndex) {
        deletions.add(delete(lastIndex));
      }
    }
    if (!readable.isEmpty()) {
      unreadable.forEach(lastIndex -> deletions.add(delete(lastIndex)));
    }
    return deletions.isEmpty()
        ? Future.succeededFuture()
        : lookAfter(Future.join(deletions).mapEmpty());
  }

  private Future<Void> delete(long lastIndex) {
    return Calls.guarded(() -> storage.delete(lastIndex));
  }

  private Future<Void> lookAfter(Future<Void> deletion) {
    look();
    return deletion.onComplete(done -> look());
  }
}
