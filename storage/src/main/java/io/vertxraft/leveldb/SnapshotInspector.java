package io.vertxraft.leveldb;

import io.vertxraft.leveldb.FileCalls.Kind;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at the snapshots in a storage directory without changing anything in it, for operators'
 * tools. A member that runs keeps its directory to itself: then nothing is looked at. While an
 * inspector is open, a member that starts is told that the directory is in use. Methods are called
 * from one thread and block.
 */
public final class SnapshotInspector implements AutoCloseable {
  /**
   * A snapshot in the directory.
   *
   * @param groupId the group it is of
   * @param lastIndex index of the last log entry whose effect it holds
   * @param directory where it is
   * @param manifest what it says it holds; null if that is damaged
   * @param problem what is wrong with the manifest, and what to do; empty if it can be read
   */
  public record Snapshot(
      String groupId, long lastIndex, Path directory, SnapshotManifest manifest, String problem) {}

  private final Path home;
  private final Identity identity;
  private final OwnerLock lock;
  private final FileCalls files = new DiskFiles();

  private SnapshotInspector(Path home, Identity identity, OwnerLock lock) {
    this.home = home;
    this.identity = identity;
    this.lock = lock;
  }

  /**
   * Looks into a directory.
   *
   * @throws StorageException LOCKED if a member uses it; CORRUPT if its identity is damaged;
   *     IO_ERROR if it is no storage directory
   * @throws IOException if it cannot be read
   */
  public static SnapshotInspector open(Path directory) throws IOException {
    Path home = directory.toAbsolutePath().normalize();
    Identity identity = Identity.require(home);
    return new SnapshotInspector(home, identity, OwnerLock.takeIfWritable(home));
  }

  /** The directory, absolute. */
  public Path directory() {
    return home;
  }

  /** The cluster that the directory belongs to. */
  public String clusterId() {
    return identity.clusterId();
  }

  /** The node that the directory belongs to. */
  public String nodeId() {
    return identity.nodeId();
  }

  /**
   * The published snapshots, by group, of each the newest first. Says nothing about the content of
   * their files: {@link #verify} does.
   */
  public List<Snapshot> snapshots() throws IOException {
    List<Snapshot> found = new ArrayList<>();
    Path root = home.resolve(SnapshotPaths.ROOT);
    if (files.kind(root) == Kind.NOTHING) {
      return found;
    }
    for (Path group : files.list(root)) {
      List<Path> children =
          new ArrayList<>(Files.isDirectory(group) ? files.list(group) : List.of());
      for (int i = children.size() - 1; i >= 0; i--) {
        if (SnapshotPaths.index(children.get(i)) > 0) {
          found.add(look(SnapshotPaths.groupId(group.getFileName().toString()), children.get(i)));
        }
      }
    }
    return found;
  }

  private Snapshot look(String groupId, Path directory) throws IOException {
    long index = SnapshotPaths.index(directory);
    try {
      SnapshotManifest manifest =
          ManifestFile.read(files, directory, identity.clusterId(), groupId, index);
      return new Snapshot(groupId, index, directory, manifest, "");
    } catch (StorageException e) {
      return new Snapshot(groupId, index, directory, null, e.getMessage());
    }
  }

  /**
   * Reads every byte of a snapshot.
   *
   * @param snapshot one of {@link #snapshots}
   * @return what is wrong, and what to do; empty if it is good
   * @throws IOException if it cannot be read
   */
  public String verify(Snapshot snapshot) throws IOException {
    if (snapshot.manifest() == null) {
      return snapshot.problem();
    }
    try (Verification verification =
        new Verification(files, snapshot.directory(), snapshot.manifest())) {
      while (!verification.step()) {
        // Piece by piece.
      }
      return "";
    } catch (StorageException e) {
      return e.getMessage();
    }
  }

  /**
   * Writes a snapshot into one file that {@link SnapshotArchive} reads, verified while it is read,
   * and reads that file again.
   *
   * @param snapshot one of {@link #snapshots}
   * @param archive a file that must not be there
   * @throws IllegalArgumentException if it is there
   * @throws StorageException CORRUPT if the snapshot is damaged; then there is no archive
   * @throws IOException if it cannot be read or written; then there is no archive either
   */
  public void export(Snapshot snapshot, Path archive) throws IOException {
    if (snapshot.manifest() == null) {
      throw new StorageException(StorageException.Kind.CORRUPT, snapshot.problem());
    }
    SnapshotArchive.write(files, snapshot.directory(), snapshot.manifest(), archive);
  }

  /** Lets members start. */
  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
  }
}
