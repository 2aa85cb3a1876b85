package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;

/**
 * What stands in a stage and how it comes through. Whatever arrives while a batch is under
 * way forms the next one, so batches grow with the load: a stage that stays at small batches with
 * nothing waiting has room, one with full batches and a growing depth is the bottleneck.
 */
@DataObject
@JsonGen(publicConverter = false)
public class StageStatus {
  private RaftStage stage;
  private long depth;
  private long depthBytes;
  private long oldestMs;
  private long batches;
  private long entries;
  private int lastBatch;
  private LatencyStatus latency;

  /** An empty stage. */
  public StageStatus() {}

  /** Reads the JSON form. */
  public StageStatus(JsonObject json) {
    StageStatusConverter.fromJson(json, this);
  }

  /** The JSON form. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    StageStatusConverter.toJson(this, json);
    return json;
  }

  /** Which stage. */
  public RaftStage getStage() {
    return stage;
  }

  /** Sets {@link #getStage()}. */
  public StageStatus setStage(RaftStage stage) {
    this.stage = stage;
    return this;
  }

  /** Entries that are in the stage now. */
  public long getDepth() {
    return depth;
  }

  /** Sets {@link #getDepth()}. */
  public StageStatus setDepth(long depth) {
    this.depth = depth;
    return this;
  }

  /**
   * Their encoded bytes; of the state machine's, those of the batch it was given. What waits for it
   * beyond is mostly not in memory.
   */
  public long getDepthBytes() {
    return depthBytes;
  }

  /** Sets {@link #getDepthBytes()}. */
  public StageStatus setDepthBytes(long depthBytes) {
    this.depthBytes = depthBytes;
    return this;
  }

  /** For how long the oldest batch in the stage has been there, in milliseconds; 0 if none is. */
  public long getOldestMs() {
    return oldestMs;
  }

  /** Sets {@link #getOldestMs()}. */
  public StageStatus setOldestMs(long oldestMs) {
    this.oldestMs = oldestMs;
    return this;
  }

  /** Batches that the stage has begun since the node started. */
  public long getBatches() {
    return batches;
  }

  /** Sets {@link #getBatches()}. */
  public StageStatus setBatches(long batches) {
    this.batches = batches;
    return this;
  }

  /** Entries in all of them: by {@link #getBatches()}, the mean size of a batch. */
  public long getEntries() {
    return entries;
  }

  /** Sets {@link #getEntries()}. */
  public StageStatus setEntries(long entries) {
    this.entries = entries;
    return this;
  }

  /** Entries in the newest batch. */
  public int getLastBatch() {
    return lastBatch;
  }

  /** Sets {@link #getLastBatch()}. */
  public StageStatus setLastBatch(int lastBatch) {
    this.lastBatch = lastBatch;
    return this;
  }

  /**
   * How long batches took, or null if none has left the stage for a while. Of the log: from when it
   * is given to the disk until it is durable. Of the state machine: from when it is given the batch
   * until it has answered. Of the node: from when a command was taken from its caller until it is
   * answered, which is the whole way; the last one of those that are answered together.
   */
  public LatencyStatus getLatency() {
    return latency;
  }

  /** Sets {@link #getLatency()}. */
  public StageStatus setLatency(LatencyStatus latency) {
    this.latency = latency;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
