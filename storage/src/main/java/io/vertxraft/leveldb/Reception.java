package io.vertxraft.leveldb;

import io.vertxraft.leveldb.FileCalls.Kind;
import io.vertxraft.leveldb.FileCalls.OpenFile;
import io.vertxraft.leveldb.SnapshotThread.Steps;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes ready the draft of a snapshot that comes from a peer: keeps what is there of it already and
 * takes what published snapshots have of it.
 *
 * <p>What is kept has been read and hashed. A file that is not complete is kept only if the
 * manifest of the earlier draft says that it was to become the same.
 */
final class Reception extends Steps<SnapshotDraft> {
  private static final System.Logger LOG = System.getLogger(Reception.class.getName());

  private final GroupSnapshots group;
  private final FileCalls files;
  private final Path draft;
  private final SnapshotManifest manifest;
  private final List<SnapshotManifest> published;
  private final DraftFiles content;
  private final Draft result;
  private final Map<String, SnapshotFile> wantedByName = new HashMap<>();
  private final Map<String, SnapshotFile> begunByName = new HashMap<>();
  private boolean described;
  private FileHash hash;
  private OpenFile copy;
  private boolean released;

  /**
   * To be done.
   *
   * @param published snapshots that are held for this
   */
  Reception(GroupSnapshots group, Draft result, List<SnapshotManifest> published) {
    this.group = group;
    this.files = group.files();
    this.draft = group.paths().receiving();
    this.manifest = result.manifest();
    this.published = published;
    this.content = result.content();
    this.result = result;
    manifest.files().forEach(file -> wantedByName.put(file.name(), file));
    then(group.room()::requireNotLow);
    then(() -> group.thread().opened(content));
    then(this::look);
    then(this::describe);
    then(this::borrow);
    then(this::finish);
  }

  /** Finds out what there is, and plans what to do with it. */
  private void look() throws IOException {
    Path root = SnapshotPaths.files(draft);
    FileTrees.createDirectories(files, root);
    for (Path child : files.list(draft)) {
      if (!child.equals(root) && !child.equals(SnapshotPaths.manifest(draft))) {
        FileTrees.delete(files, child);
      }
    }
    readEarlierManifest();
    Map<Path, Kind> found = new TreeMap<>();
    FileTrees.walk(files, root, found::put);
    List<Step> steps = new ArrayList<>();
    for (Map.Entry<Path, Kind> file : found.entrySet()) {
      SnapshotFile wanted = wantedByName.get(SnapshotPaths.name(root, file.getKey()));
      if (wanted == null || file.getValue() != Kind.FILE) {
        files.delete(file.getKey());
      } else {
        steps.add(() -> resume(file.getKey(), wanted));
      }
    }
    next(steps);
    FileTrees.prune(files, root);
  }

  private void readEarlierManifest() throws IOException {
    if (files.kind(SnapshotPaths.manifest(draft)) == Kind.NOTHING) {
      return;
    }
    try {
      SnapshotManifest before = ManifestFile.read(files, draft);
      before.files().forEach(file -> begunByName.put(file.name(), file));
      described = before.equals(manifest);
    } catch (StorageException e) {
      LOG.log(System.Logger.Level.WARNING, "a snapshot is received anew: " + e.getMessage());
      FileTrees.delete(files, SnapshotPaths.manifest(draft));
    }
  }

  private boolean resume(Path path, SnapshotFile wanted) throws IOException {
    hash = hash == null ? new FileHash(files, path) : hash;
    boolean complete = hash.bytes() == wanted.bytes();
    boolean begun = hash.bytes() < wanted.bytes() && wanted.equals(begunByName.get(wanted.name()));
    if ((complete || begun) && !hash.step()) {
      return false;
    }
    if (complete && hash.sha256Hex().equals(wanted.sha256())) {
      content.adoptComplete(wanted, false);
    } else if (begun) {
      content.adoptBegun(wanted.name(), hash);
    } else {
      files.delete(path);
    }
    closeHash();
    return true;
  }

  private void describe() throws IOException {
    if (!described) {
      ManifestFile.write(files, draft, manifest);
      files.sync(draft);
    }
  }

  /** Plans what to take from published snapshots. */
  private void borrow() {
    Map<String, Path> sources = new HashMap<>();
    for (SnapshotManifest snapshot : published) {
      Path directory = group.paths().snapshot(snapshot.lastIndex());
      for (SnapshotFile file : snapshot.files()) {
        sources.put(content(file), SnapshotPaths.file(directory, file.name()));
      }
    }
    List<Step> steps = new ArrayList<>();
    for (SnapshotFile wanted : manifest.files()) {
      Path source = sources.get(content(wanted));
      if (source != null && wanted.bytes() > 0 && !content.isComplete(wanted.name())) {
        steps.add(() -> startBorrowing(source));
        steps.add(() -> borrow(source, wanted));
      }
    }
    next(steps);
  }

  private static String content(SnapshotFile file) {
    return file.sha256() + file.bytes();
  }

  /** Where a file is that has not proved yet to be what its snapshot's manifest says. */
  private Path borrowed() {
    return draft.resolve("borrowed");
  }

  private boolean startBorrowing(Path source) throws IOException {
    if (files.kind(source) != Kind.FILE) {
      return true;
    }
    try {
      files.link(borrowed(), source);
      hash = new FileHash(files, borrowed());
      return true;
    } catch (UnsupportedOperationException | IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a file is copied, for it cannot be linked", e);
      FileTrees.delete(files, borrowed());
    }
    hash = new FileHash(files, source, this::copy);
    group.room().require(hash.bytes());
    copy = files.create(borrowed());
    return true;
  }

  private void copy(ByteBuffer piece) throws IOException {
    while (piece.hasRemaining()) {
      if (copy.write(piece) <= 0) {
        throw new IOException("the system wrote nothing to " + borrowed());
      }
    }
  }

  private boolean borrow(Path source, SnapshotFile wanted) throws IOException {
    if (hash == null) {
      return true;
    }
    String nature = "it is not what its manifest says";
    boolean good = false;
    try {
      if (hash.bytes() == wanted.bytes()) {
        if (!hash.step()) {
          return false;
        }
        good = hash.sha256Hex().equals(wanted.sha256());
        if (copy != null) {
          copy.sync();
        }
      }
    } catch (IOException e) {
      if (!SnapshotErrors.isMedium(e)) {
        throw e;
      }
      nature = e.toString();
    }
    closeHash();
    if (good) {
      content.remove(wanted.name());
      content.prepare(wanted.name());
      files.move(borrowed(), SnapshotPaths.file(draft, wanted.name()));
      content.adoptComplete(wanted, true);
    } else {
      LOG.log(
          System.Logger.Level.WARNING,
          "snapshot file ''{0}'' is damaged ({1}): it is received from a peer instead. Check the disk",
          source,
          nature);
      FileTrees.delete(files, borrowed());
    }
    return true;
  }

  private void finish() throws IOException {
    release();
    content.beginEmpty();
    group.room().require(content.missingBytes());
    result(result);
  }

  private void release() {
    if (!released) {
      released = true;
      for (SnapshotManifest snapshot : published) {
        group.release(snapshot.lastIndex());
      }
    }
  }

  private void closeHash() throws IOException {
    FileHash openHash = hash;
    OpenFile openCopy = copy;
    hash = null;
    copy = null;
    try (openHash;
        openCopy) {
      // Both, whatever happens.
    }
  }

  @Override
  public void failed(Throwable cause) throws IOException {
    try {
      closeHash();
      group.thread().close(content);
    } finally {
      release();
    }
  }
}
