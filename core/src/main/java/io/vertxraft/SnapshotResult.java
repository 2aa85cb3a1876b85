package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;

/** What became of a request for a snapshot. */
@DataObject
@JsonGen(publicConverter = false)
public class SnapshotResult {
  private SnapshotOutcome outcome = SnapshotOutcome.TAKEN;
  private String detail;
  private long lastIndex;
  private long lastTerm;
  private long bytes;
  private long durationMs;

  /** An empty result. */
  public SnapshotResult() {}

  /** Reads the JSON form. */
  public SnapshotResult(JsonObject json) {
    SnapshotResultConverter.fromJson(json, this);
  }

  /** The JSON form. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    SnapshotResultConverter.toJson(this, json);
    return json;
  }

  /** Whether a snapshot was taken, or why not. */
  public SnapshotOutcome getOutcome() {
    return outcome;
  }

  /** Sets {@link #getOutcome()}. */
  public SnapshotResult setOutcome(SnapshotOutcome outcome) {
    this.outcome = outcome;
    return this;
  }

  /** The reason in words, or null. */
  public String getDetail() {
    return detail;
  }

  /** Sets {@link #getDetail()}. */
  public SnapshotResult setDetail(String detail) {
    this.detail = detail;
    return this;
  }

  /**
   * Index of the last entry that the snapshot holds; of one that was skipped, of the newest
   * snapshot there is, 0 if there is none.
   */
  public long getLastIndex() {
    return lastIndex;
  }

  /** Sets {@link #getLastIndex()}. */
  public SnapshotResult setLastIndex(long lastIndex) {
    this.lastIndex = lastIndex;
    return this;
  }

  /** Term of that entry. */
  public long getLastTerm() {
    return lastTerm;
  }

  /** Sets {@link #getLastTerm()}. */
  public SnapshotResult setLastTerm(long lastTerm) {
    this.lastTerm = lastTerm;
    return this;
  }

  /** Length of that snapshot's files together, in bytes. */
  public long getBytes() {
    return bytes;
  }

  /** Sets {@link #getBytes()}. */
  public SnapshotResult setBytes(long bytes) {
    this.bytes = bytes;
    return this;
  }

  /** How long it took, in milliseconds; 0 if it was skipped. */
  public long getDurationMs() {
    return durationMs;
  }

  /** Sets {@link #getDurationMs()}. */
  public SnapshotResult setDurationMs(long durationMs) {
    this.durationMs = durationMs;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
