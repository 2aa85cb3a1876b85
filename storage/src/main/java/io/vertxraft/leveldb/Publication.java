package io.vertxraft.leveldb;

import io.vertxraft.leveldb.FileCalls.Kind;
import io.vertxraft.leveldb.SnapshotThread.Steps;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes a draft a published snapshot.
 *
 * <p>What is in the draft is durable before its directory gets the name of a snapshot, and that
 * name is durable before every byte is read again. So whatever happens in between, a directory of
 * such a name is a whole snapshot, and only one that was confirmed is counted on.
 */
final class Publication extends Steps<SnapshotManifest> {
  private static final System.Logger LOG = System.getLogger(Publication.class.getName());

  private final GroupSnapshots group;
  private final FileCalls files;
  private final SnapshotPaths paths;
  private final Path draft;
  private final DraftFiles content;
  private final boolean received;
  private final Path target;
  private SnapshotManifest manifest;
  private Verification verification;
  private boolean renamed;
  private boolean held;

  /**
   * To be done.
   *
   * @param manifest of the draft; its files count only if it was {@code received}
   */
  Publication(
      GroupSnapshots group,
      Path draft,
      DraftFiles content,
      SnapshotManifest manifest,
      boolean received) {
    this.group = group;
    this.files = group.files();
    this.paths = group.paths();
    this.draft = draft;
    this.content = content;
    this.manifest = manifest;
    this.received = received;
    this.target = paths.snapshot(manifest.lastIndex());
    then(this::seal);
    repeat(content::syncNext);
    then(this::describe);
    then(() -> FileTrees.sync(files, content.directories()));
    repeat(this::claimName);
    then(this::rename);
    then(() -> verification = new Verification(files, target, this.manifest));
    repeat(() -> verification.step());
    then(() -> finish(this.manifest));
  }

  private void seal() throws IOException {
    manifest = manifest.withFiles(content.seal());
  }

  private void describe() throws IOException {
    if (!received) {
      // A received draft has had its manifest from the beginning.
      ManifestFile.write(files, draft, manifest);
    }
  }

  /** Makes sure that the name is free, or drops the draft if it is taken. */
  private boolean claimName() throws IOException {
    long index = manifest.lastIndex();
    if (group.shelf().isLeaving(index)) {
      return false;
    }
    SnapshotManifest published = group.shelf().revive(index);
    if (published != null) {
      held = true;
      skipRest();
      then(() -> verification = new Verification(files, target, published));
      repeat(() -> verification.step());
      // Not before: if the published one is damaged, this may have to take its place.
      then(() -> FileTrees.delete(files, draft));
      then(this::release);
      then(() -> finish(published));
    } else if (files.kind(target) != Kind.NOTHING) {
      Path aside = paths.aside(index);
      FileTrees.delete(files, aside);
      files.move(target, aside);
      LOG.log(
          System.Logger.Level.WARNING,
          "a snapshot that cannot be used is in the way of a new one and is kept as ''{0}'':"
              + " delete it when it is not needed for analysis",
          aside);
    }
    return true;
  }

  private void rename() throws IOException {
    files.move(draft, target);
    renamed = true;
    files.sync(paths.group());
  }

  private void finish(SnapshotManifest published) {
    if (renamed) {
      group.shelf().put(published);
    }
    content.published();
    result(published);
  }

  private void release() {
    held = false;
    group.release(manifest.lastIndex());
  }

  @Override
  public void failed(Throwable cause) throws IOException {
    if (verification != null) {
      verification.close();
    }
    if (held) {
      release();
    }
    boolean closing =
        cause instanceof StorageException e && e.kind() == StorageException.Kind.CLOSED;
    if (renamed && !closing) {
      // Nobody counts on it, so the next start should not find it.
      group.remove(manifest.lastIndex());
    }
  }
}
