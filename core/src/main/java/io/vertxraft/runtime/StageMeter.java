package io.vertxraft.runtime;

import io.vertxraft.RaftStage;
import io.vertxraft.StageStatus;
import java.util.concurrent.TimeUnit;

/**
 * Counts the batches of a stage: a few additions a batch, nothing per entry. Confined to the node's
 * context.
 */
final class StageMeter {
  private final RaftStage stage;
  private long batches;
  private long entries;
  private int lastBatch;
  private final LatencyMeter latency = new LatencyMeter();

  StageMeter(RaftStage stage) {
    this.stage = stage;
  }

  /** A batch of so many entries goes on. */
  void batch(int size) {
    batches++;
    entries += size;
    lastBatch = size;
  }

  /** A batch has left the stage, so long after it came. */
  void left(long nanos, long now) {
    latency.add(nanos, now);
  }

  /**
   * What is to be told.
   *
   * @param oldestNanos age of the oldest batch in the stage, 0 if none is
   */
  StageStatus describe(long depth, long depthBytes, long oldestNanos, long now) {
    return new StageStatus()
        .setStage(stage)
        .setDepth(depth)
        .setDepthBytes(depthBytes)
        .setOldestMs(TimeUnit.NANOSECONDS.toMillis(oldestNanos))
        .setBatches(batches)
        .setEntries(entries)
        .setLastBatch(lastBatch)
        .setLatency(latency.describe(now));
  }
}
