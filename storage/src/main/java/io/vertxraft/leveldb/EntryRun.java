package io.vertxraft.leveldb;

import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.LogEntry;
import java.util.ArrayList;
import java.util.List;

/** Collects a contiguous run of entries, bounded by index and bytes, and verifies each of them. */
final class EntryRun implements Database.Visitor {
  private final int group;
  private final EntryCodec codec;
  private final long fromIndex;
  private final long toIndex;
  private final long bytesMax;
  private final List<LogEntry> entries = new ArrayList<>();
  private long bytes;

  EntryRun(int group, EntryCodec codec, long fromIndex, long toIndex, long bytesMax) {
    this.group = group;
    this.codec = codec;
    this.fromIndex = fromIndex;
    this.toIndex = toIndex;
    this.bytesMax = bytesMax;
  }

  @Override
  public boolean visit(byte[] key, byte[] value) {
    long index = nextIndex();
    if (!Keys.matches(key, Keys.ENTRY, group) || Keys.index(key) != index) {
      return false;
    }
    bytes += value.length;
    if (!entries.isEmpty() && bytes > bytesMax) {
      return false;
    }
    entries.add(GroupRecovery.decodeAt(codec, value, index));
    return index < toIndex;
  }

  long nextIndex() {
    return fromIndex + entries.size();
  }

  List<LogEntry> entries() {
    return entries;
  }
}
