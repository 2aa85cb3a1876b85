package io.vertxraft.testkit.snapshot;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What a disk holds of one group's snapshots: those that are published, what drafts have left, and
 * perhaps one whose name is there but not durable. Confined to one thread.
 */
public final class SnapshotShelf {
  /** A shelf on which there never is anything. */
  public static final SnapshotShelf EMPTY = new SnapshotShelf();

  private final TreeMap<Long, SnapshotDirectory> published = new TreeMap<>();
  private SnapshotDirectory saving;
  private SnapshotDirectory receiving;
  private SnapshotDirectory renamed;
  private long version;
  private boolean damaged;

  /** Changes with every change of what is published. */
  public long version() {
    return version;
  }

  /** All that is published, the newest first, readable or not. */
  public List<SnapshotDirectory> published() {
    return new ArrayList<>(published.descendingMap().values());
  }

  /** Manifests of what is published, the newest first; those that cannot be read are left out. */
  public List<SnapshotManifest> list() {
    List<SnapshotManifest> list = new ArrayList<>();
    for (SnapshotDirectory directory : published.descendingMap().values()) {
      if (directory.isReadable()) {
        list.add(directory.manifest());
      }
    }
    return list;
  }

  /** Last index of the newest published snapshot, damaged or not; 0 if there is none. */
  public long newestIndex() {
    return published.isEmpty() ? 0 : published.lastKey();
  }

  /** The published snapshot that ends at {@code lastIndex} and has a manifest, or null. */
  public SnapshotDirectory get(long lastIndex) {
    SnapshotDirectory directory = published.get(lastIndex);
    return directory == null || !directory.isReadable() ? null : directory;
  }

  /** What was received of a snapshot that is not published, or null. */
  public SnapshotDirectory received() {
    return receiving;
  }

  /**
   * Whether damage has been done to what is published here since something was published and
   * verified last.
   */
  public boolean isDamaged() {
    return damaged;
  }

  /** Something published has been damaged. */
  public void noteDamage() {
    damaged = true;
    version++;
  }

  /** Something has been published and verified: what was damaged is needed no more. */
  void verified() {
    damaged = false;
  }

  SnapshotDirectory beginSave(SnapshotManifest head) {
    saving = new SnapshotDirectory(head, false);
    return saving;
  }

  /** Uses what is there already, see {@link io.vertxraft.spi.SnapshotStorage#receive}. */
  SnapshotDirectory beginReceive(SnapshotManifest manifest) {
    SnapshotDirectory earlier = receiving;
    receiving = new SnapshotDirectory(manifest, true);
    for (SnapshotFile file : manifest.files()) {
      Buffer content = file.bytes() == 0 ? Buffer.buffer() : left(earlier, file);
      if (content == null) {
        content = sameIn(published, file);
      }
      if (content != null) {
        receiving.put(file.name(), content);
      }
    }
    return receiving;
  }

  /** What an earlier draft has of a file: all of it, or the beginning, or null. */
  private static Buffer left(SnapshotDirectory earlier, SnapshotFile file) {
    Buffer content = earlier == null ? null : earlier.get(file.name());
    if (content == null) {
      return null;
    }
    if (content.length() == file.bytes()) {
      return SnapshotDirectory.describe(file.name(), content).equals(file) ? content.copy() : null;
    }
    // A beginning cannot be verified; it counts if it was meant to be the beginning of this file.
    return file.equals(earlier.manifest().file(file.name())) ? content.copy() : null;
  }

  private static Buffer sameIn(NavigableMap<Long, SnapshotDirectory> published, SnapshotFile file) {
    for (SnapshotDirectory directory : published.descendingMap().values()) {
      for (SnapshotFile other : directory.manifest().files()) {
        boolean same = other.bytes() == file.bytes() && other.sha256().equals(file.sha256());
        Buffer content = same ? directory.get(other.name()) : null;
        if (content != null && SnapshotDirectory.describe(file.name(), content).equals(file)) {
          return content.copy();
        }
      }
    }
    return null;
  }

  /** A complete draft gets its name, which is not durable yet. */
  void rename(SnapshotDirectory draft) {
    drop(draft);
    renamed = draft;
  }

  /** Whether there is a name of which nobody knows whether it is durable. */
  public boolean isUnsure() {
    return renamed != null;
  }

  /** The name is durable, or it is not there after all. */
  public void settle(boolean kept) {
    if (renamed != null && kept) {
      // One whose manifest cannot be read is put aside: it must not be in the way for ever.
      published.merge(
          renamed.manifest().lastIndex(), renamed, (old, now) -> old.isReadable() ? old : now);
      version++;
    } else if (renamed != null && renamed.isReceived() && receiving == null) {
      receiving = renamed;
    }
    renamed = null;
  }

  /** Removes a draft. */
  void drop(SnapshotDirectory draft) {
    saving = saving == draft ? null : saving;
    receiving = receiving == draft ? null : receiving;
  }

  /** Removes what was not saved to its end. */
  public void dropSaving() {
    saving = null;
  }

  /** Removes a published snapshot. */
  void remove(long lastIndex) {
    if (published.remove(lastIndex) != null) {
      version++;
    }
  }
}
