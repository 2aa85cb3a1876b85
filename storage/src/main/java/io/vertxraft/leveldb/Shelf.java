package io.vertxraft.leveldb;

import io.vertxraft.spi.SnapshotManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which snapshots of a group are published, and who holds them. Used on the group's context and on
 * the snapshot thread.
 */
final class Shelf {
  private static final class Entry {
    final SnapshotManifest manifest;
    int holders;
    boolean unwanted;
    boolean leaving;

    Entry(SnapshotManifest manifest) {
      this.manifest = manifest;
    }
  }

  private final NavigableMap<Long, Entry> entries = new TreeMap<Long, Entry>().descendingMap();

  /** The published ones that have not been deleted, the newest first. */
  synchronized List<SnapshotManifest> list() {
    List<SnapshotManifest> manifests = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (!entry.unwanted) {
        manifests.add(entry.manifest);
      }
    }
    return manifests;
  }

  synchronized void put(SnapshotManifest manifest) {
    entries.put(manifest.lastIndex(), new Entry(manifest));
  }

  /** Holds a snapshot that is listed; null if there is none. */
  synchronized SnapshotManifest hold(long lastIndex) {
    Entry entry = entries.get(lastIndex);
    if (entry == null || entry.unwanted) {
      return null;
    }
    entry.holders++;
    return entry.manifest;
  }

  /** Holds a snapshot even if it is to be deleted, and lists it again; null if there is none. */
  synchronized SnapshotManifest revive(long lastIndex) {
    Entry entry = entries.get(lastIndex);
    if (entry == null || entry.leaving) {
      return null;
    }
    entry.unwanted = false;
    entry.holders++;
    return entry.manifest;
  }

  /** Lets go of a snapshot; true if it is to be deleted now. */
  synchronized boolean release(long lastIndex) {
    Entry entry = entries.get(lastIndex);
    entry.holders--;
    return leaves(entry);
  }

  /** Takes a snapshot off the list; true if it is to be deleted now. */
  synchronized boolean unlist(long lastIndex) {
    Entry entry = entries.get(lastIndex);
    if (entry == null || entry.unwanted) {
      return false;
    }
    entry.unwanted = true;
    return leaves(entry);
  }

  private static boolean leaves(Entry entry) {
    entry.leaving = entry.unwanted && entry.holders == 0;
    return entry.leaving;
  }

  /** Whether its name on disk is being given free. */
  synchronized boolean isLeaving(long lastIndex) {
    Entry entry = entries.get(lastIndex);
    return entry != null && entry.leaving;
  }

  /** It has left its name on disk, or will for ever be in the way of another. */
  synchronized void gone(long lastIndex) {
    entries.remove(lastIndex);
  }
}
