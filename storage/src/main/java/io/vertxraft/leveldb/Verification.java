package io.vertxraft.leveldb;

import io.vertxraft.leveldb.FileCalls.Kind;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares a published snapshot with its manifest: which files there are, and every byte of them.
 * Done in pieces, so that other work gets its turn.
 */
final class Verification implements Closeable {
  /** Sees the files that are verified, as they are read. */
  interface Visitor {
    /** A file begins; what is in it goes to the sink that is returned. */
    FileHash.Sink begin(SnapshotFile file) throws IOException;
  }

  private final FileCalls files;
  private final Path directory;
  private final SnapshotManifest manifest;
  private final Visitor visitor;
  private ArrayDeque<SnapshotFile> left;
  private FileHash current;

  /**
   * To be done.
   *
   * @param manifest what it is to be, and what its manifest is to say
   */
  Verification(FileCalls files, Path directory, SnapshotManifest manifest, Visitor visitor) {
    this.files = files;
    this.directory = directory;
    this.manifest = manifest;
    this.visitor = visitor;
  }

  Verification(FileCalls files, Path directory, SnapshotManifest manifest) {
    this(files, directory, manifest, file -> piece -> {});
  }

  /**
   * Does a piece.
   *
   * @return whether it was the last: the snapshot is good
   * @throws StorageException CORRUPT, naming the file, the nature and the remedy
   */
  boolean step() throws IOException {
    if (left == null) {
      requireExactly();
      left = new ArrayDeque<>(manifest.files());
    } else if (current == null) {
      begin(left.getFirst());
    } else if (current.step()) {
      end(left.removeFirst());
    }
    return left.isEmpty();
  }

  private void requireExactly() throws IOException {
    SnapshotManifest found =
        ManifestFile.read(
            files, directory, manifest.clusterId(), manifest.groupId(), manifest.lastIndex());
    if (!found.equals(manifest)) {
      throw SnapshotErrors.corrupt(
          SnapshotPaths.manifest(directory), "it is not the one that was written or found first");
    }
    requireFiles();
  }

  private void requireFiles() throws IOException {
    for (Path child : files.list(directory)) {
      String name = child.getFileName().toString();
      if (!name.equals(SnapshotPaths.MANIFEST) && !name.equals(SnapshotPaths.FILES)) {
        throw SnapshotErrors.corrupt(child, "it does not belong to the snapshot");
      }
    }
    Map<String, Kind> found = new TreeMap<>();
    Path root = SnapshotPaths.files(directory);
    if (files.kind(root) != Kind.DIRECTORY) {
      throw SnapshotErrors.corrupt(root, "the directory is missing");
    }
    FileTrees.walk(files, root, (file, kind) -> found.put(SnapshotPaths.name(root, file), kind));
    for (SnapshotFile file : manifest.files()) {
      Kind kind = found.remove(file.name());
      Path path = SnapshotPaths.file(directory, file.name());
      if (kind == null) {
        throw SnapshotErrors.corrupt(path, "it is missing");
      }
      if (kind != Kind.FILE) {
        throw SnapshotErrors.corrupt(path, "it is a link or no regular file");
      }
    }
    for (String extra : found.keySet()) {
      throw SnapshotErrors.corrupt(
          SnapshotPaths.file(directory, extra), "the manifest does not list it");
    }
  }

  private void begin(SnapshotFile file) throws IOException {
    Path path = SnapshotPaths.file(directory, file.name());
    current = new FileHash(files, path, visitor.begin(file));
    if (current.bytes() != file.bytes()) {
      throw SnapshotErrors.corrupt(
          path, "it has %d bytes, the manifest says %d".formatted(current.bytes(), file.bytes()));
    }
  }

  private void end(SnapshotFile file) throws IOException {
    String sha256 = current.sha256Hex();
    close();
    if (!sha256.equals(file.sha256())) {
      throw SnapshotErrors.corrupt(
          SnapshotPaths.file(directory, file.name()),
          "its content has the SHA-256 %s, the manifest says %s".formatted(sha256, file.sha256()));
    }
  }

  @Override
  public void close() throws IOException {
    FileHash open = current;
    current = null;
    if (open != null) {
      open.close();
    }
  }
}
