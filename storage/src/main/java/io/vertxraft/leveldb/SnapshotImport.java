package io.vertxraft.leveldb;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.protocol.HardState;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.spi.StorageWrite.LogStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Makes an exported snapshot the beginning of a new group: in the directory of each of its members,
 * with the same archive and the same list of members.
 *
 * <p>The new group has the state, the log index and the sessions of the snapshot, and nothing of
 * its members or its cluster, so that nobody of the old group can meddle.
 */
public final class SnapshotImport {
  /** Where a directory is built before it takes its place; what is cut short is found by it. */
  static final String BUILDING = "importing";

  private SnapshotImport() {}

  /**
   * Imports. Blocks.
   *
   * @param archive as {@link SnapshotInspector#export} wrote it
   * @param directory the storage directory of the new member: empty, or not there
   * @param owner the new member
   * @param voters ids of all members of the new group
   * @return the manifest of the snapshot that the member begins with
   * @throws IllegalArgumentException if the directory is not empty, or the owner no member
   * @throws StorageException CORRUPT if the archive is damaged, DISK_FULL if there is too little
   *     room; the directory is empty then
   * @throws IOException if something cannot be read or written
   */
  public static SnapshotManifest run(
      Path archive, Path directory, GroupIdentity owner, Set<String> voters) throws IOException {
    voters.forEach(id -> GroupIdentity.requireId("member", id));
    if (!voters.contains(owner.nodeId())) {
      throw new IllegalArgumentException(
          "node '%s' is not one of the members %s".formatted(owner.nodeId(), voters));
    }
    Path home = directory.toAbsolutePath().normalize();
    requireEmpty(home);
    // The whole of it before anything is written: most archives that are refused are refused here.
    SnapshotArchive.verify(archive);
    DataDirectory.createDurably(home, DataDirectory::sync);
    Path building = home.resolve(BUILDING);
    try {
      SnapshotManifest manifest = build(archive, building, owner, voters);
      takePlace(building, home);
      return manifest;
    } catch (Throwable e) {
      if (!Files.exists(Identity.file(home))) {
        DataDirectory.deleteTree(building);
      }
      throw e;
    }
  }

  private static void requireEmpty(Path home) throws IOException {
    if (!Files.exists(home)) {
      return;
    }
    try (Stream<Path> children = Files.list(home)) {
      Path child = children.findFirst().orElse(null);
      if (child != null) {
        throw new IllegalArgumentException(
            ("'%s' is not empty, it holds '%s': a snapshot is imported into an empty directory for a"
                    + " new group")
                .formatted(home, child.getFileName()));
      }
    }
  }

  private static SnapshotManifest build(
      Path archive, Path building, GroupIdentity owner, Set<String> voters) throws IOException {
    LevelDbStorage storage =
        LevelDbStorage.create(new LevelDbOptions().setDirectory(building.toString()));
    try {
      GroupStorage group = await(storage.open(owner, Runnable::run));
      await(group.requireVoters(voters));
      Unpacking unpacking = new Unpacking(group, owner, voters);
      SnapshotArchive.read(archive, unpacking);
      SnapshotManifest manifest = await(unpacking.draft.publish());
      await(
          group.write(
              new StorageWrite(
                  new HardState(manifest.term(), null),
                  new LogStart(manifest.lastIndex() + 1, manifest.lastTerm()),
                  0,
                  List.of())));
      return manifest;
    } finally {
      await(storage.close());
    }
  }

  /** Receives what is in an archive as if it came from a leader of the new group. */
  private static final class Unpacking implements SnapshotArchive.Sink {
    private final GroupStorage group;
    private final GroupIdentity owner;
    private final Set<String> voters;
    private SnapshotDraft draft;

    Unpacking(GroupStorage group, GroupIdentity owner, Set<String> voters) {
      this.group = group;
      this.owner = owner;
      this.voters = voters;
    }

    @Override
    public void manifest(SnapshotManifest exported) throws IOException {
      SnapshotManifest manifest =
          new SnapshotManifest(
              owner.clusterId(),
              owner.groupId(),
              exported.lastIndex(),
              exported.lastTerm(),
              exported.term(),
              Configuration.of(voters),
              exported.sessions(),
              exported.savedAtMs(),
              exported.files());
      draft = await(group.snapshots().receive(manifest));
    }

    @Override
    public void write(SnapshotFile file, Buffer piece) throws IOException {
      await(draft.append(file.name(), SnapshotChunk.of(piece)));
    }
  }

  /** Moves what was built to its place; the identity, by which it is a storage, comes last. */
  private static void takePlace(Path building, Path home) throws IOException {
    try (Stream<Path> children = Files.list(building)) {
      for (Path child : children.toList()) {
        String name = child.getFileName().toString();
        if (name.equals(DataDirectory.DATABASE)
            || name.equals(DataDirectory.WATERMARK)
            || name.equals(OwnerLock.FILE)
            || name.equals(SnapshotPaths.ROOT)) {
          Files.move(child, home.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
    DataDirectory.sync(home);
    Files.move(Identity.file(building), Identity.file(home), StandardCopyOption.ATOMIC_MOVE);
    DataDirectory.sync(home);
    DataDirectory.deleteTree(building);
  }

  private static <T> T await(Future<T> future) throws IOException {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(Kind.CLOSED, "the import was interrupted", e);
    }
  }
}
