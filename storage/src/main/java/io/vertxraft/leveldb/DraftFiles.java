package io.vertxraft.leveldb;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.leveldb.FileCalls.Kind;
import io.vertxraft.leveldb.FileCalls.OpenFile;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files of a draft, hashed while they grow. Confined to the snapshot thread, but for {@link
 * #bytes}.
 */
final class DraftFiles implements Closeable {
  private static final class Growing {
    final MessageDigest digest;
    long bytes;

    /** Known once the file is complete. */
    String sha256;

    Growing(MessageDigest digest, long bytes) {
      this.digest = digest;
      this.bytes = bytes;
    }
  }

  private final FileCalls files;
  private final Path directory;
  private final SnapshotRoom room;

  /** What the files are to be, by name; null if whatever is written is right. */
  private final Map<String, SnapshotFile> expected;

  private final Map<String, Growing> growing = new LinkedHashMap<>();
  private final Map<String, Long> bytes = new ConcurrentHashMap<>();
  private final Set<Path> directories = new HashSet<>();
  private final ArrayDeque<String> unsynced = new ArrayDeque<>();
  private final OpenFiles open;
  private Exception broken;
  private boolean published;

  private DraftFiles(
      FileCalls files, Path directory, SnapshotRoom room, Map<String, SnapshotFile> expected) {
    this.files = files;
    this.directory = directory;
    this.room = room;
    this.expected = expected;
    // Synced before it is closed, or nobody would hear of a page that could not be written.
    this.open = new OpenFiles(files::append, OpenFile::sync);
  }

  /** Files of which any content is right. */
  static DraftFiles any(FileCalls files, Path directory, SnapshotRoom room) {
    return new DraftFiles(files, directory, room, null);
  }

  /** Files that must become those of a manifest. */
  static DraftFiles of(
      FileCalls files, Path directory, SnapshotRoom room, SnapshotManifest manifest) {
    Map<String, SnapshotFile> expected = new LinkedHashMap<>();
    manifest.files().forEach(file -> expected.put(file.name(), file));
    return new DraftFiles(files, directory, room, expected);
  }

  /** Bytes of a file that are there. From any thread. */
  long bytes(String name) {
    return bytes.getOrDefault(name, 0L);
  }

  /** Appends; after a failure every further call fails likewise, for there would be a gap. */
  void append(String name, SnapshotChunk chunk) throws IOException {
    requireUnbroken();
    try {
      Growing file = growing.get(name);
      byte[] content = content(name, file == null ? 0 : file.bytes, chunk).getBytes();
      room.require(content.length);
      file = file == null ? begin(name) : file;
      if (content.length > 0) {
        Path path = SnapshotPaths.file(directory, name);
        FileTrees.write(open.get(path), path, content);
        file.digest.update(content);
        file.bytes += content.length;
        bytes.put(name, file.bytes);
        completeIfExpected(name, file);
      }
    } catch (IOException | RuntimeException e) {
      broken = e;
      throw e;
    }
  }

  private void requireUnbroken() throws IOException {
    if (broken instanceof IOException e) {
      throw e;
    }
    if (broken instanceof RuntimeException e) {
      throw e;
    }
  }

  private Buffer content(String name, long offset, SnapshotChunk chunk) {
    Path path = SnapshotPaths.file(directory, name);
    long left = expected == null ? Long.MAX_VALUE : expected.get(name).bytes() - offset;
    if (chunk.length() < 0 || chunk.length() > left) {
      throw SnapshotErrors.corruptDraft(
          path, "%d bytes come where %d are left".formatted(chunk.length(), left));
    }
    try {
      return chunk.content();
    } catch (IllegalArgumentException e) {
      throw SnapshotErrors.corruptDraft(path, e.getMessage());
    }
  }

  private Growing begin(String name) throws IOException {
    createDirectory(SnapshotPaths.file(directory, name).getParent());
    Path path = SnapshotPaths.file(directory, name);
    open.add(path, files.create(path));
    Growing file = new Growing(FileHash.sha256(), 0);
    growing.put(name, file);
    return file;
  }

  /** Not synced: {@link #directories()} are, all together. */
  private void createDirectory(Path path) throws IOException {
    if (!directories.contains(path)) {
      if (!path.equals(directory)) {
        createDirectory(path.getParent());
        if (files.kind(path) == Kind.NOTHING) {
          files.createDirectory(path);
        }
      }
      directories.add(path);
    }
  }

  private void completeIfExpected(String name, Growing file) throws IOException {
    SnapshotFile wanted = expected == null ? null : expected.get(name);
    if (wanted == null || file.bytes < wanted.bytes()) {
      return;
    }
    file.sha256 = FileHash.hex(file.digest);
    if (!file.sha256.equals(wanted.sha256())) {
      // Nobody knows which part is wrong, so none of it may be resumed.
      remove(name);
      throw SnapshotErrors.corruptDraft(
          SnapshotPaths.file(directory, name),
          "its content has the SHA-256 %s instead of %s".formatted(file.sha256, wanted.sha256()));
    }
  }

  /** Begins all expected files that have no content: nobody is asked for them. */
  void beginEmpty() throws IOException {
    for (SnapshotFile file : expected.values()) {
      if (file.bytes() == 0 && !growing.containsKey(file.name())) {
        begin(file.name());
      }
    }
  }

  /**
   * Takes a file that is there and has been found to be what is expected.
   *
   * @param durable whether it has been synced
   */
  void adoptComplete(SnapshotFile wanted, boolean durable) {
    Growing file = new Growing(null, wanted.bytes());
    file.sha256 = wanted.sha256();
    adopt(wanted.name(), file, durable);
  }

  /** Goes on with the beginning of an expected file. */
  void adoptBegun(String name, FileHash hash) {
    adopt(name, new Growing(hash.digest(), hash.bytes()), false);
  }

  private void adopt(String name, Growing file, boolean durable) {
    growing.put(name, file);
    bytes.put(name, file.bytes);
    if (!durable) {
      unsynced.add(name);
    }
  }

  /** The directory is not the draft's any more. */
  void published() {
    published = true;
  }

  boolean isPublished() {
    return published;
  }

  /** Makes way for a better one. */
  void remove(String name) throws IOException {
    if (growing.remove(name) != null) {
      bytes.remove(name);
      unsynced.remove(name);
      Path path = SnapshotPaths.file(directory, name);
      open.close(path);
      files.delete(path);
    }
  }

  /** Whether the expected file is there, whole and verified. */
  boolean isComplete(String name) {
    Growing file = growing.get(name);
    return file != null && file.sha256 != null;
  }

  /** Makes ready the directory for a file that is put there otherwise. */
  void prepare(String name) throws IOException {
    createDirectory(SnapshotPaths.file(directory, name).getParent());
  }

  /** Bytes that are still to come. */
  long missingBytes() {
    long missing = 0;
    for (SnapshotFile file : expected.values()) {
      missing += file.bytes() - bytes(file.name());
    }
    return missing;
  }

  /** Syncs one of the files that are not; true if there are no more. */
  boolean syncNext() throws IOException {
    if (!unsynced.isEmpty()) {
      Path path = SnapshotPaths.file(directory, unsynced.remove());
      open.get(path);
      open.close(path);
      return false;
    }
    return !open.closeNext();
  }

  /** The files as they are now, in the order in which they were begun; no more may be appended. */
  List<SnapshotFile> seal() throws IOException {
    requireUnbroken();
    if (expected != null) {
      for (SnapshotFile file : expected.values()) {
        if (bytes(file.name()) < file.bytes() || !growing.containsKey(file.name())) {
          throw SnapshotErrors.corruptDraft(
              SnapshotPaths.file(directory, file.name()),
              "only %d of its %d bytes have arrived".formatted(bytes(file.name()), file.bytes()));
        }
      }
      return List.copyOf(expected.values());
    }
    List<SnapshotFile> sealed = new ArrayList<>();
    growing.forEach(
        (name, file) -> sealed.add(new SnapshotFile(name, file.bytes, FileHash.hex(file.digest))));
    return sealed;
  }

  /** The directories to sync, those inside before those around them, the draft's own last. */
  List<Path> directories() {
    List<Path> all = new ArrayList<>(SnapshotPaths.directories(directory, growing.keySet()));
    all.add(directory);
    return all;
  }

  /** Syncs and closes what is open. */
  void settle() throws IOException {
    while (open.closeNext()) {
      // One after the other.
    }
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
