package io.vertxraft.leveldb;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.leveldb.FileCalls.Kind;
import io.vertxraft.leveldb.FileCalls.OpenFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Reads and writes the manifest in a directory of a snapshot. */
final class ManifestFile {
  private ManifestFile() {}

  /**
   * Reads the manifest of a snapshot or draft.
   *
   * @throws StorageException CORRUPT if it is missing or not intact
   * @throws IOException if it cannot be read
   */
  static SnapshotManifest read(FileCalls files, Path directory) throws IOException {
    Path file = SnapshotPaths.manifest(directory);
    Kind kind = files.kind(file);
    if (kind != Kind.FILE) {
      throw SnapshotErrors.corrupt(
          file, kind == Kind.NOTHING ? "it is missing" : "it is no regular file");
    }
    try (OpenFile open = files.read(file)) {
      long bytes = open.bytes();
      if (bytes > SnapshotManifest.ENCODED_BYTES_MAX) {
        throw SnapshotErrors.corrupt(
            file,
            "it has %d bytes, more than the %d of the longest manifest"
                .formatted(bytes, SnapshotManifest.ENCODED_BYTES_MAX));
      }
      ByteBuffer content = ByteBuffer.allocate((int) bytes);
      FileTrees.read(open, content, 0);
      return SnapshotManifest.decode(Buffer.buffer(content.array()).slice(0, content.position()));
    } catch (IllegalArgumentException e) {
      throw SnapshotErrors.corrupt(file, e.getMessage());
    }
  }

  /**
   * Reads the manifest of a published snapshot and checks that it is in its place.
   *
   * @throws StorageException CORRUPT if it is missing, not intact, or of another snapshot
   */
  static SnapshotManifest read(
      FileCalls files, Path directory, String clusterId, String groupId, long lastIndex)
      throws IOException {
    SnapshotManifest manifest = read(files, directory);
    if (!manifest.clusterId().equals(clusterId)
        || !manifest.groupId().equals(groupId)
        || manifest.lastIndex() != lastIndex) {
      throw SnapshotErrors.corrupt(
          SnapshotPaths.manifest(directory),
          "it is the manifest of index %d of group '%s' of cluster '%s'"
              .formatted(manifest.lastIndex(), manifest.groupId(), manifest.clusterId()));
    }
    return manifest;
  }

  /** Writes a manifest that is not there yet, and syncs it, but not its name. */
  static void write(FileCalls files, Path directory, SnapshotManifest manifest) throws IOException {
    Buffer encoded = manifest.encode();
    if (encoded.length() > SnapshotManifest.ENCODED_BYTES_MAX) {
      throw new StorageException(
          StorageException.Kind.IO_ERROR,
          ("the manifest of a snapshot with %d files in '%s' has %d bytes, allowed are %d: write"
                  + " fewer and larger files")
              .formatted(
                  manifest.files().size(),
                  directory,
                  encoded.length(),
                  SnapshotManifest.ENCODED_BYTES_MAX));
    }
    // Under another name first: a manifest that is read is a whole one.
    Path temporary = directory.resolve("manifest.tmp");
    FileTrees.delete(files, temporary);
    try (OpenFile open = files.create(temporary)) {
      FileTrees.write(open, temporary, encoded.getBytes());
      open.sync();
    }
    files.move(temporary, SnapshotPaths.manifest(directory));
  }
}
