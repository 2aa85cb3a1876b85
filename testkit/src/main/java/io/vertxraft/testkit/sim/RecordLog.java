package io.vertxraft.testkit.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The end of the disk's raw log, where each write is one batch with a checksum of its own. Batches
 * that were never synced reach the disk or not, in any order, and in part; recovery goes through
 * them from the front and cuts the log off at the first one that is not whole.
 */
final class RecordLog {
  /** What became of a batch: the bytes of it that are on the disk. */
  private record Survivor(DiskRecord record, long bytes) {
    boolean isWhole() {
      return bytes == record.bytes;
    }
  }

  private final SimLoop loop;
  private final SimRandom random;
  private final int owner;
  private final ArrayDeque<DiskRecord> unsure = new ArrayDeque<>();
  private final List<Survivor> survivors = new ArrayList<>();

  RecordLog(SimLoop loop, SimRandom random, int owner) {
    this.loop = loop;
    this.random = random;
    this.owner = owner;
  }

  /** Takes batches whose sync has failed: whether they are on the disk is decided later. */
  void addUnsure(Collection<DiskRecord> batches) {
    unsure.addAll(batches);
  }

  /** The process is gone and {@code batches} are in the hands of the operating system. */
  void addWritten(Collection<DiskRecord> batches) {
    settle();
    for (DiskRecord batch : batches) {
      if (batch.change != null) {
        survivors.add(new Survivor(batch, batch.bytes));
      }
    }
  }

  /**
   * Decides what of the batches that were not synced is on the disk: each of them, independently,
   * is there, is not, or is there in part. How likely it is to be there differs from time to time.
   */
  void settle() {
    double survival = unsure.isEmpty() ? 0 : random.fraction();
    while (!unsure.isEmpty()) {
      DiskRecord batch = unsure.poll();
      if (batch.change != null) {
        survivors.add(new Survivor(batch, drawBytes(batch, survival)));
      }
    }
  }

  private long drawBytes(DiskRecord batch, double survival) {
    if (random.chance(survival)) {
      return batch.bytes;
    }
    return random.chance(0.5) ? 0 : 1 + random.below(batch.bytes - 1);
  }

  /**
   * Recovery: the whole batches up to the first that is not become durable for good; the rest is
   * cut off.
   */
  void recover() {
    if (survivors.isEmpty()) {
      return;
    }
    int kept = 0;
    while (kept < survivors.size() && survivors.get(kept).isWhole()) {
      DiskRecord batch = survivors.get(kept).record();
      batch.change.makeDurable(batch.volume);
      loop.reached(WorldMark.UNSYNCED_KEPT);
      kept++;
    }
    for (Survivor lost : survivors.subList(kept, survivors.size())) {
      loop.reached(WorldMark.UNSYNCED_LOST);
      if (lost.isWhole()) {
        loop.reached(WorldMark.LATER_BATCH_SURVIVED_EARLIER_LOST);
      } else if (lost.bytes() > 0) {
        loop.reached(WorldMark.TORN_BATCH_CUT);
      }
    }
    int of = survivors.size();
    loop.record(TraceKind.DISK_FAULT, owner, kept, of, new Recovery(kept, of));
    survivors.clear();
  }

  private record Recovery(int kept, int of) {
    @Override
    public String toString() {
      return "recovery keeps " + kept + " of " + of + " un-synced writes";
    }
  }
}
