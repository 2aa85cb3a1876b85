package io.vertxraft.testkit.sim;

import io.vertxraft.testkit.snapshot.SnapshotDirectory;
import io.vertxraft.testkit.snapshot.SnapshotShelf;
import java.util.List;

/** One group's snapshots on a disk, and what power cuts and damage do to them. */
final class DiskShelf {
  final SnapshotShelf shelf = new SnapshotShelf();

  /**
   * What is published stays. Of a draft that was received, any beginning of each file is there, the
   * last pages perhaps with zeros in place of what was written; a draft that was saved is of no use
   * to anybody.
   */
  void powerCut(SimRandom random, SimLoop loop) {
    shelf.dropSaving();
    if (shelf.isUnsure()) {
      boolean kept = random.chance(0.5);
      loop.reached(kept ? WorldMark.SNAPSHOT_NAME_KEPT : WorldMark.SNAPSHOT_NAME_LOST);
      shelf.settle(kept);
    }
    SnapshotDirectory draft = shelf.received();
    if (draft != null && !draft.isSynced()) {
      draft.names().forEach(name -> lose(draft, name, random));
      if (draft.bytes() > 0) {
        loop.reached(WorldMark.SNAPSHOT_DRAFT_LEFT);
      }
    }
    for (SnapshotDirectory files : shelf.published()) {
      if (files.seemsSynced()) {
        files.names().forEach(name -> lose(files, name, random));
        shelf.noteDamage();
        loop.reached(WorldMark.SNAPSHOT_SYNC_LOST);
      }
    }
  }

  private static void lose(SnapshotDirectory draft, String name, SimRandom random) {
    long bytes = draft.bytes(name);
    if (bytes == 0 || random.chance(0.3)) {
      return;
    }
    long kept = random.below(bytes + 1);
    if (random.chance(0.2)) {
      draft.zero(name, kept);
    } else {
      draft.cut(name, kept);
    }
  }

  /** The operating system lives: what was written is there. */
  void processExit() {
    shelf.dropSaving();
    shelf.settle(true);
  }

  /** Whether there is anything to damage. */
  boolean isEmpty() {
    return shelf.published().isEmpty();
  }

  /** Turns a bit of a published snapshot, or of its manifest. Returns its last index. */
  long flipBit(SimRandom random) {
    List<SnapshotDirectory> published = shelf.published();
    SnapshotDirectory directory = published.get((int) random.below(published.size()));
    long bit = random.below(8 * (directory.bytes() + 1));
    for (String name : directory.names()) {
      long bits = 8 * directory.bytes(name);
      if (bit >= 0 && bit < bits) {
        directory.flip(name, bit);
      }
      bit -= bits;
    }
    if (bit >= 0) {
      directory.loseManifest();
    }
    shelf.noteDamage();
    return directory.manifest().lastIndex();
  }
}
