package io.vertxraft.leveldb;

import io.vertx.core.Future;
import io.vertxraft.leveldb.FileCalls.Kind;
import io.vertxraft.leveldb.SnapshotThread.Lane;
import io.vertxraft.leveldb.SnapshotThread.Steps;
import io.vertxraft.leveldb.SnapshotThread.Work;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StoredSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The snapshots of one group as directories of files. Calls come on the group's context; all file
 * work is done on the {@link SnapshotThread}.
 */
final class GroupSnapshots implements SnapshotStorage {
  private static final System.Logger LOG = System.getLogger(GroupSnapshots.class.getName());

  private final FileCalls files;
  private final SnapshotPaths paths;
  private final String clusterId;
  private final SnapshotThread thread;
  private final SnapshotRoom room;
  private final Executor context;
  private final Shelf shelf = new Shelf();

  /** Of drafts of our own, and of those that are received. */
  private final Lane saving;

  private final Lane receiving;

  /** Deletes. */
  private final Lane housekeeping;

  /** Confined to the context. */
  private final Set<OpenSnapshot> opened = new HashSet<>();

  private Draft saved;
  private Draft received;
  private boolean closed;

  /** The snapshots of a group, which {@link #look} finds. */
  GroupSnapshots(
      FileCalls files,
      SnapshotPaths paths,
      String clusterId,
      SnapshotThread thread,
      SnapshotRoom room,
      Executor context) {
    this.files = files;
    this.paths = paths;
    this.clusterId = clusterId;
    this.thread = thread;
    this.room = room;
    this.context = context;
    this.saving = thread.lane();
    this.receiving = thread.lane();
    this.housekeeping = thread.lane();
  }

  /**
   * Looks once, before anything else, for what is there, and removes what is left of drafts of our
   * own and of deletions.
   *
   * @throws IOException if the disk does not say what there is: then nobody may think that there is
   *     nothing
   */
  void look() throws IOException {
    Path group = paths.group();
    if (files.kind(group) == Kind.NOTHING) {
      return;
    }
    IOException unreadable = null;
    for (Path child : files.list(group)) {
      long index = SnapshotPaths.index(child);
      if (SnapshotPaths.isLeftover(child)) {
        tidy(child);
      } else if (index > 0) {
        try {
          shelf.put(ManifestFile.read(files, child, clusterId, paths.groupId(), index));
        } catch (StorageException e) {
          notListed(e.getMessage());
        } catch (IOException e) {
          if (!SnapshotErrors.isMedium(e)) {
            throw e;
          }
          notListed(SnapshotErrors.of("Reading a manifest", child, e).getMessage());
          unreadable = e;
        }
      }
    }
    if (unreadable != null && shelf.list().isEmpty()) {
      throw unreadable;
    }
  }

  private void tidy(Path leftover) {
    try {
      FileTrees.delete(files, leftover);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "could not remove " + leftover, e);
    }
  }

  private static void notListed(String why) {
    LOG.log(System.Logger.Level.ERROR, "a snapshot is left out, as if it were not there: " + why);
  }

  @Override
  public List<SnapshotManifest> list() {
    return shelf.list();
  }

  @Override
  public Future<SnapshotDraft> save(SnapshotManifest head) {
    if (closed) {
      return Future.failedFuture(closedFailure());
    }
    try {
      require(head, saved);
      if (!head.files().isEmpty()) {
        throw new IllegalArgumentException(
            "a snapshot that is begun has no files yet, but the manifest lists " + head.files());
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      return Future.failedFuture(e);
    }
    DraftFiles content = DraftFiles.any(files, paths.saving(), room);
    Draft draft = new Draft(this, saving, paths.saving(), content, head, false);
    Steps<SnapshotDraft> work = new Steps<>();
    work.then(room::requireNotLow);
    work.then(() -> FileTrees.delete(files, paths.saving()));
    work.then(() -> FileTrees.createDirectories(files, SnapshotPaths.files(paths.saving())));
    work.then(() -> thread.opened(content));
    work.result(draft);
    saved = draft;
    return submit(saving, "Saving a snapshot", work).onFailure(failure -> draft.close());
  }

  @Override
  public Future<SnapshotDraft> receive(SnapshotManifest manifest) {
    if (closed) {
      return Future.failedFuture(closedFailure());
    }
    DraftFiles content = DraftFiles.of(files, paths.receiving(), room, manifest);
    Draft draft;
    try {
      require(manifest, received);
      draft = new Draft(this, receiving, paths.receiving(), content, manifest, true);
    } catch (IllegalArgumentException | IllegalStateException e) {
      return Future.failedFuture(e);
    }
    List<SnapshotManifest> held = new ArrayList<>();
    for (SnapshotManifest published : shelf.list()) {
      if (shelf.hold(published.lastIndex()) != null) {
        held.add(published);
      }
    }
    received = draft;
    return submit(receiving, "Receiving a snapshot", new Reception(this, draft, held))
        .onFailure(failure -> draft.close());
  }

  private void require(SnapshotManifest manifest, Draft before) {
    if (!manifest.clusterId().equals(clusterId) || !manifest.groupId().equals(paths.groupId())) {
      throw new IllegalArgumentException(
          "a snapshot of group '%s' of cluster '%s' does not belong to group '%s' of cluster '%s'"
              .formatted(manifest.groupId(), manifest.clusterId(), paths.groupId(), clusterId));
    }
    if (before != null && !before.hasEnded()) {
      throw new IllegalStateException(
          "the draft of a snapshot at index %d is still open: close or discard it first"
              .formatted(before.manifest().lastIndex()));
    }
  }

  @Override
  public Future<StoredSnapshot> open(long lastIndex) {
    if (closed) {
      return Future.failedFuture(closedFailure());
    }
    SnapshotManifest manifest = shelf.hold(lastIndex);
    if (manifest == null) {
      return Future.failedFuture(
          new StorageException(
              StorageException.Kind.IO_ERROR,
              "there is no snapshot at index %d in '%s': take one that is listed"
                  .formatted(lastIndex, paths.group())));
    }
    OpenSnapshot snapshot = new OpenSnapshot(this, thread.lane(), manifest);
    opened.add(snapshot);
    return snapshot.verify().onFailure(failure -> opened.remove(snapshot));
  }

  @Override
  public Future<Void> delete(long lastIndex) {
    if (closed) {
      return Future.failedFuture(closedFailure());
    }
    return shelf.unlist(lastIndex)
        ? submit(housekeeping, "Deleting a snapshot", removal(lastIndex))
        : Future.succeededFuture();
  }

  private Work<Void> removal(long lastIndex) {
    return new Steps<>() {
      {
        then(() -> remove(lastIndex));
      }

      @Override
      public void failed(Throwable cause) {
        shelf.gone(lastIndex);
      }
    };
  }

  /**
   * Removes a snapshot from the disk. It loses its name first, and durably: what is found under
   * such a name is whole. On the snapshot thread.
   */
  void remove(long lastIndex) throws IOException {
    Path snapshot = paths.snapshot(lastIndex);
    Path trash = paths.trash(lastIndex);
    if (files.kind(snapshot) != Kind.NOTHING) {
      FileTrees.delete(files, trash);
      files.move(snapshot, trash);
      files.sync(paths.group());
    }
    shelf.gone(lastIndex);
    FileTrees.delete(files, trash);
  }

  /** Lets go of a snapshot, and deletes it if that was waited for. On the snapshot thread. */
  void release(long lastIndex) {
    if (!shelf.release(lastIndex)) {
      return;
    }
    Work<Void> removal = removal(lastIndex);
    boolean unused =
        housekeeping.add(
            cancelled -> {
              try {
                return removal.step();
              } catch (IOException | RuntimeException e) {
                shelf.gone(lastIndex);
                LOG.log(
                    System.Logger.Level.WARNING,
                    SnapshotErrors.of("Deleting a snapshot", paths.group(), e).getMessage());
                return true;
              }
            });
  }

  /** Does work for a call. */
  <T> Future<T> submit(Lane lane, String what, Work<T> work) {
    if (closed) {
      return Future.failedFuture(closedFailure());
    }
    return lane.submit(
        work, context, cause -> SnapshotErrors.of(what, paths.group(), cause), this::closedFailure);
  }

  /** Whether nothing is open any more. On the context. */
  boolean isClosed() {
    return closed;
  }

  StorageException closedFailure() {
    return StorageErrors.closed(paths.home());
  }

  /** Forgets a snapshot that is not open any more. On the context. */
  void forget(OpenSnapshot snapshot) {
    opened.remove(snapshot);
  }

  /**
   * Ends what takes long, finishes the rest, and closes what is open. On the context.
   *
   * @param done called then, on the snapshot thread, or at once if the storage is closed
   */
  void close(Runnable done) {
    closed = true;
    List<Lane> lanes = new ArrayList<>(List.of(saving, receiving));
    List<Steps.Action> farewells = new ArrayList<>();
    farewells.add(saved == null ? () -> {} : saved::release);
    farewells.add(received == null ? () -> {} : received::release);
    for (OpenSnapshot snapshot : opened) {
      lanes.add(snapshot.lane());
      farewells.add(snapshot::release);
    }
    AtomicInteger left = new AtomicInteger(lanes.size());
    Runnable last = () -> lastTurn(housekeeping, () -> {}, done);
    for (int i = 0; i < lanes.size(); i++) {
      lanes.get(i).cancel();
      lastTurn(
          lanes.get(i),
          farewells.get(i),
          () -> {
            if (left.decrementAndGet() == 0) {
              last.run();
            }
          });
    }
  }

  private static void lastTurn(Lane lane, Steps.Action action, Runnable done) {
    boolean accepted =
        lane.add(
            cancelled -> {
              try {
                action.run();
              } catch (IOException | RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "could not close a file of a snapshot", e);
              }
              done.run();
              return true;
            });
    if (!accepted) {
      done.run();
    }
  }

  FileCalls files() {
    return files;
  }

  SnapshotPaths paths() {
    return paths;
  }

  SnapshotThread thread() {
    return thread;
  }

  SnapshotRoom room() {
    return room;
  }

  Shelf shelf() {
    return shelf;
  }
}
