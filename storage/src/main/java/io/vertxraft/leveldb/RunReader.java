package io.vertxraft.leveldb;

import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.LogEntry;
import java.util.ArrayList;
import java.util.List;

/** Collects contiguous entries from runs, bounded by index and bytes, and verifies each of them. */
final class RunReader implements Database.Visitor {
  private final int group;
  private final EntryCodec codec;
  private final long fromIndex;
  private final long toIndex;
  private final long bytesMax;
  private final List<LogEntry> entries = new ArrayList<>();
  private long bytes;
  private boolean full;

  RunReader(int group, EntryCodec codec, long fromIndex, long toIndex, long bytesMax) {
    this.group = group;
    this.codec = codec;
    this.fromIndex = fromIndex;
    this.toIndex = toIndex;
    this.bytesMax = bytesMax;
  }

  /**
   * Takes in the next run.
   *
   * @throws CorruptEntryException if an entry that is wanted is not intact
   */
  @Override
  public boolean visit(byte[] key, byte[] run) {
    if (!Keys.matches(key, Keys.RUN, group)) {
      return Keys.isBefore(key, Keys.RUN, group);
    }
    long start = Keys.index(key);
    if (entries.isEmpty() ? start > fromIndex : start != nextIndex()) {
      return false;
    }
    Runs.decode(run, start, codec, this::visit);
    return !full && !entries.isEmpty();
  }

  private boolean visit(LogEntry entry) {
    if (entry.index() < fromIndex) {
      return true;
    }
    bytes += entry.encodedBytes();
    full = !entries.isEmpty() && bytes > bytesMax;
    if (full) {
      return false;
    }
    entries.add(entry);
    full = entry.index() == toIndex;
    return !full;
  }

  long nextIndex() {
    return fromIndex + entries.size();
  }

  List<LogEntry> entries() {
    return entries;
  }
}
