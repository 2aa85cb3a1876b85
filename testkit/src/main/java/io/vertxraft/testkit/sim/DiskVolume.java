package io.vertxraft.testkit.sim;

import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.testkit.DiskImage;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;

/**
 * One group's data on a disk: what is durable, what it will be once all writes are synced, and
 * which durable entries are damaged.
 */
final class DiskVolume {
  final DiskImage durable;
  final DiskImage accepted;
  final DiskShelf shelf = new DiskShelf();
  private final TreeMap<Long, Flip> flips = new TreeMap<>();
  private boolean lostEntries;

  /** A bit of one stored entry that is not as it was written. */
  private record Flip(LogEntry stored, int bit) {}

  /**
   * An empty volume.
   *
   * @param chains chains of logs that snapshots stand for, see {@link DiskImage}
   */
  DiskVolume(LongBinaryOperator chains) {
    durable = new DiskImage(chains);
    accepted = new DiskImage(chains);
  }

  /** The entries from {@code index} on were removed or written anew. */
  void repairFrom(long index) {
    flips.tailMap(index, true).clear();
  }

  /** The damaged entry at {@code index} and all after it are lost. */
  void loseFrom(long index, String why) {
    lostEntries = true;
    durable.damage(index, why);
    repairFrom(index);
  }

  /** All entries are lost: nothing is left of what they build on. */
  void loseLog() {
    lostEntries = true;
    repairFrom(0);
  }

  /** Whether damage has ever cost entries that were durable. */
  boolean hasLostEntries() {
    return lostEntries;
  }

  /** The entries before {@code index} were removed. */
  void repairBefore(long index) {
    flips.headMap(index, false).clear();
  }

  /** Damages a durable entry at rest; the node's own copies stay as they are. */
  void flipBit(long index, SimRandom random) {
    long bits = 8L * durable.log().entryAt(index).encodedBytes();
    flips.put(index, new Flip(durable.log().entryAt(index), (int) random.below(bits)));
  }

  /** Indexes of the damaged entries. */
  NavigableSet<Long> damaged() {
    return Collections.unmodifiableNavigableSet(flips.navigableKeySet());
  }

  /**
   * Decodes a stored entry from a copy of its bytes, as they are on the disk now.
   *
   * @throws CorruptEntryException if it is damaged
   */
  LogEntry decode(LogEntry stored, EntryCodec codec) {
    byte[] bytes = stored.encoded().clone();
    Flip flip = flips.get(stored.index());
    if (flip != null && flip.stored() == stored) {
      bytes[flip.bit() / 8] ^= (byte) (1 << flip.bit() % 8);
    }
    return codec.decode(bytes);
  }
}
