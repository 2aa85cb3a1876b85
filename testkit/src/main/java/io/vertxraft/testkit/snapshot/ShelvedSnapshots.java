package io.vertxraft.testkit.snapshot;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StoredSnapshot;
import io.vertxraft.testkit.snapshot.SnapshotMedium.Step;
import io.vertxraft.testkit.snapshot.SnapshotMedium.Work;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The snapshots on a {@link SnapshotShelf}, for as long as their group is open. */
public final class ShelvedSnapshots implements SnapshotStorage {
  private final SnapshotShelf shelf;
  private final SnapshotMedium medium;
  private final TreeMap<Long, Integer> readers = new TreeMap<>();
  private final Set<Long> doomed = new TreeSet<>();

  /** The snapshots of a group that has just been opened. */
  public ShelvedSnapshots(SnapshotShelf shelf, SnapshotMedium medium) {
    this.shelf = shelf;
    this.medium = medium;
  }

  /** The group is closed in good order: what is only kept for readers goes. */
  public void closed() {
    doomed.forEach(shelf::remove);
    doomed.clear();
    readers.clear();
    shelf.dropSaving();
  }

  @Override
  public List<SnapshotManifest> list() {
    List<SnapshotManifest> list = shelf.list();
    list.removeIf(manifest -> doomed.contains(manifest.lastIndex()));
    return list;
  }

  @Override
  public Future<SnapshotDraft> save(SnapshotManifest head) {
    if (!head.files().isEmpty()) {
      return call(
          () ->
              Future.failedFuture(
                  new IllegalArgumentException("a snapshot that is begun has no files yet")));
    }
    return call(() -> medium.carryOut(Step.BEGIN, 0, () -> new Draft(shelf.beginSave(head), head)));
  }

  @Override
  public Future<SnapshotDraft> receive(SnapshotManifest manifest) {
    return call(
        () ->
            medium.carryOut(
                Step.BEGIN,
                0,
                () -> {
                  SnapshotDirectory begun = shelf.beginReceive(manifest);
                  if (begun.bytes() > 0) {
                    medium.resumed(begun.bytes());
                  }
                  return new Draft(begun, manifest);
                }));
  }

  @Override
  public Future<StoredSnapshot> open(long lastIndex) {
    return call(
        () -> {
          readers.merge(lastIndex, 1, Integer::sum);
          SnapshotDirectory there = doomed.contains(lastIndex) ? null : shelf.get(lastIndex);
          long bytes = there == null ? 0 : there.bytes();
          return medium
              .<StoredSnapshot>carryOut(
                  Step.VERIFY, bytes, () -> new Stored(lastIndex, verified(there, lastIndex)))
              .recover(
                  e ->
                      release(lastIndex)
                          .transform(released -> Future.<StoredSnapshot>failedFuture(e)));
        });
  }

  private static SnapshotDirectory verified(SnapshotDirectory directory, long lastIndex) {
    if (directory == null) {
      throw new StorageException(
          Kind.IO_ERROR, "there is no snapshot at %d: list() names them".formatted(lastIndex));
    }
    directory.verify();
    return directory;
  }

  @Override
  public Future<Void> delete(long lastIndex) {
    return call(
        () -> {
          if (shelf.get(lastIndex) == null) {
            return Future.succeededFuture();
          }
          doomed.add(lastIndex);
          return readers.containsKey(lastIndex) ? Future.succeededFuture() : remove(lastIndex);
        });
  }

  private Future<Void> release(long lastIndex) {
    readers.computeIfPresent(lastIndex, (index, count) -> count == 1 ? null : count - 1);
    return doomed.contains(lastIndex) && !readers.containsKey(lastIndex)
        ? remove(lastIndex)
        : Future.succeededFuture();
  }

  private Future<Void> remove(long lastIndex) {
    SnapshotDirectory directory = shelf.get(lastIndex);
    return medium.carryOut(
        Step.REMOVE,
        directory == null ? 0 : directory.bytes(),
        () -> {
          if (doomed.contains(lastIndex) && !readers.containsKey(lastIndex)) {
            shelf.remove(lastIndex);
            doomed.remove(lastIndex);
          }
          return null;
        });
  }

  /** As {@link #call}, for what has been done anyway once the group is closed. */
  private Future<Void> letGo(Supplier<Future<Void>> operation) {
    return medium.call(() -> medium.refusal() == null ? operation.get() : Future.succeededFuture());
  }

  private <T> Future<T> call(Supplier<Future<T>> operation) {
    return medium.call(
        () -> {
          StorageException refusal = medium.refusal();
          return refusal == null ? operation.get() : Future.failedFuture(refusal);
        });
  }

  /** A draft; its calls are carried out one after the other. */
  private final class Draft implements SnapshotDraft {
    private final SnapshotDirectory directory;
    private final long lastIndex;
    private Future<Void> last = Future.succeededFuture();
    private Throwable failure;
    private boolean ended;

    Draft(SnapshotDirectory directory, SnapshotManifest manifest) {
      this.directory = directory;
      this.lastIndex = manifest.lastIndex();
    }

    @Override
    public long bytes(String file) {
      return directory.bytes(file);
    }

    @Override
    public Future<Void> append(String file, SnapshotChunk chunk) {
      return inOrder(() -> appendNow(file, chunk));
    }

    private Future<Void> appendNow(String file, SnapshotChunk chunk) {
      Buffer content;
      try {
        content = chunk.content();
      } catch (IllegalArgumentException e) {
        return Future.failedFuture(
            new StorageException(Kind.CORRUPT, "file '%s': %s".formatted(file, e.getMessage()), e));
      }
      try {
        directory.requireFits(file, content.length());
      } catch (IllegalArgumentException | StorageException e) {
        return Future.failedFuture(e);
      }
      return medium.carryOut(
          Step.APPEND,
          content.length(),
          new Work<>() {
            @Override
            public Void all() {
              directory.append(file, content);
              return null;
            }

            @Override
            public void part(long bytes) {
              directory.append(file, content.slice(0, (int) bytes));
            }
          });
    }

    @Override
    public Future<SnapshotManifest> publish() {
      return inOrder(
          () -> {
            settleEarlier();
            return shelf.get(lastIndex) == null ? publishNow() : keepPublished();
          });
    }

    private void settleEarlier() {
      if (shelf.isUnsure()) {
        shelf.settle(medium.keepsUnsure());
      }
    }

    /** There is such a snapshot already. */
    private Future<SnapshotManifest> keepPublished() {
      shelf.drop(directory);
      ended = true;
      doomed.remove(lastIndex);
      return verify(shelf.get(lastIndex));
    }

    private Future<SnapshotManifest> publishNow() {
      return medium
          .carryOut(Step.SYNC_FILES, directory.bytes(), new Sync())
          .compose(done -> step(Step.SYNC_MANIFEST, manifestBytes(), () -> {}))
          .compose(done -> step(Step.RENAME, 0, () -> shelf.rename(directory)))
          .compose(done -> step(Step.SYNC_DIRECTORY, 0, this::settle))
          .compose(done -> verify(directory))
          .onSuccess(done -> shelf.verified())
          .onFailure(e -> withdraw());
    }

    /** All files become durable, or seem to. */
    private final class Sync implements Work<Void> {
      @Override
      public Void all() {
        return sync(true);
      }

      @Override
      public Void seemingly() {
        return sync(false);
      }

      private Void sync(boolean really) {
        directory.markSynced(really);
        directory.complete();
        return null;
      }
    }

    private long manifestBytes() {
      return directory.manifest().encode().length();
    }

    private void settle() {
      shelf.settle(true);
      ended = true;
    }

    /** What turns out to be damaged right after it was published never was. */
    private void withdraw() {
      if (ended) {
        shelf.remove(lastIndex);
      }
    }

    private Future<SnapshotManifest> verify(SnapshotDirectory published) {
      return medium.carryOut(
          Step.VERIFY, published.bytes(), () -> verified(published, lastIndex).manifest());
    }

    private Future<Void> step(Step step, long bytes, Runnable change) {
      return medium.carryOut(
          step,
          bytes,
          () -> {
            change.run();
            return null;
          });
    }

    @Override
    public Future<Void> discard() {
      return end(true);
    }

    @Override
    public Future<Void> close() {
      return end(!directory.isReceived());
    }

    private Future<Void> end(boolean remove) {
      return letGo(
          () ->
              last.transform(
                  before -> {
                    if (ended || !remove) {
                      return Future.succeededFuture();
                    }
                    ended = true;
                    return step(Step.REMOVE, directory.bytes(), () -> shelf.drop(directory));
                  }));
    }

    private <T> Future<T> inOrder(Supplier<Future<T>> operation) {
      return call(
          () -> {
            Future<T> result =
                last.transform(
                    before -> failure == null ? operation.get() : Future.failedFuture(failure));
            last = result.onFailure(e -> failure = failure == null ? e : failure).mapEmpty();
            return result;
          });
    }
  }

  /** A snapshot that is open. */
  private final class Stored implements StoredSnapshot {
    private final long lastIndex;
    private final SnapshotDirectory directory;
    private boolean open = true;

    Stored(long lastIndex, SnapshotDirectory directory) {
      this.lastIndex = lastIndex;
      this.directory = directory;
    }

    @Override
    public SnapshotManifest manifest() {
      return directory.manifest();
    }

    @Override
    public Future<SnapshotChunk> read(String file, long offset, int bytesMax, boolean deflate) {
      return call(
          () -> {
            String wrong = refuse(file, offset, bytesMax);
            if (wrong != null) {
              return Future.failedFuture(new IllegalArgumentException(wrong));
            }
            long bytes = Math.min(bytesMax, directory.bytes(file) - offset);
            return medium.carryOut(
                Step.READ,
                bytes,
                () -> {
                  Buffer content = directory.read(file, offset, bytesMax);
                  return deflate ? SnapshotChunk.deflate(content) : SnapshotChunk.of(content);
                });
          });
    }

    private String refuse(String file, long offset, int bytesMax) {
      if (!open) {
        return "the snapshot at %d is closed".formatted(lastIndex);
      }
      if (manifest().file(file) == null) {
        return "the snapshot at %d has no file '%s'".formatted(lastIndex, file);
      }
      if (offset < 0 || offset > directory.bytes(file) || bytesMax < 1) {
        return "file '%s' has %d bytes, not %d from %d"
            .formatted(file, directory.bytes(file), bytesMax, offset);
      }
      return null;
    }

    @Override
    public Future<Void> close() {
      return letGo(
          () -> {
            if (!open) {
              return Future.succeededFuture();
            }
            open = false;
            return release(lastIndex);
          });
    }
  }
}
