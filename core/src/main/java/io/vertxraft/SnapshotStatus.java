package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** A member's snapshots, and what it is doing about them. */
@DataObject
@JsonGen(publicConverter = false)
public class SnapshotStatus {
  private long lastIndex;
  private long lastTerm;
  private long bytes;
  private long logBytes;
  private long savedAtMs;
  private List<Long> kept = new ArrayList<>();
  private SnapshotActivity activity = SnapshotActivity.IDLE;
  private long activityIndex;
  private long activityAgeMs;
  private String source;
  private long bytesDone;
  private long bytesTotal;
  private long saved;
  private long installed;
  private long sentBytes;
  private long receivedBytes;
  private String lastFailure;

  /** A member without snapshots. */
  public SnapshotStatus() {}

  /** Reads the JSON form. */
  public SnapshotStatus(JsonObject json) {
    SnapshotStatusConverter.fromJson(json, this);
  }

  /** The JSON form. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    SnapshotStatusConverter.toJson(this, json);
    return json;
  }

  /**
   * About how many bytes the entries have that the log still holds and that are applied; 0 while
   * none has been seen.
   */
  public long getLogBytes() {
    return logBytes;
  }

  /** Sets {@link #getLogBytes()}. */
  public SnapshotStatus setLogBytes(long logBytes) {
    this.logBytes = logBytes;
    return this;
  }

  /** Index of the last entry that the newest snapshot holds; 0 if there is none. */
  public long getLastIndex() {
    return lastIndex;
  }

  /** Sets {@link #getLastIndex()}. */
  public SnapshotStatus setLastIndex(long lastIndex) {
    this.lastIndex = lastIndex;
    return this;
  }

  /** Term of that entry. */
  public long getLastTerm() {
    return lastTerm;
  }

  /** Sets {@link #getLastTerm()}. */
  public SnapshotStatus setLastTerm(long lastTerm) {
    this.lastTerm = lastTerm;
    return this;
  }

  /** Length of the newest snapshot's files together, in bytes. */
  public long getBytes() {
    return bytes;
  }

  /** Sets {@link #getBytes()}. */
  public SnapshotStatus setBytes(long bytes) {
    this.bytes = bytes;
    return this;
  }

  /** Wall-clock time at which the newest snapshot was taken, in milliseconds since the epoch. */
  public long getSavedAtMs() {
    return savedAtMs;
  }

  /** Sets {@link #getSavedAtMs()}. */
  public SnapshotStatus setSavedAtMs(long savedAtMs) {
    this.savedAtMs = savedAtMs;
    return this;
  }

  /** The last index of every snapshot that is kept, the newest first. */
  public List<Long> getKept() {
    return kept;
  }

  /** Sets {@link #getKept()}. */
  public SnapshotStatus setKept(List<Long> kept) {
    this.kept = kept;
    return this;
  }

  /** What is under way. */
  public SnapshotActivity getActivity() {
    return activity;
  }

  /** Sets {@link #getActivity()}. */
  public SnapshotStatus setActivity(SnapshotActivity activity) {
    this.activity = activity;
    return this;
  }

  /** Last index of the snapshot that is under way; 0 if none is. */
  public long getActivityIndex() {
    return activityIndex;
  }

  /** Sets {@link #getActivityIndex()}. */
  public SnapshotStatus setActivityIndex(long activityIndex) {
    this.activityIndex = activityIndex;
    return this;
  }

  /** For how long it has been under way, in milliseconds; 0 if nothing is. */
  public long getActivityAgeMs() {
    return activityAgeMs;
  }

  /** Sets {@link #getActivityAgeMs()}. */
  public SnapshotStatus setActivityAgeMs(long activityAgeMs) {
    this.activityAgeMs = activityAgeMs;
    return this;
  }

  /** The member a snapshot is fetched from, or null. */
  public String getSource() {
    return source;
  }

  /** Sets {@link #getSource()}. */
  public SnapshotStatus setSource(String source) {
    this.source = source;
    return this;
  }

  /** Bytes of the snapshot under way that are written or there. */
  public long getBytesDone() {
    return bytesDone;
  }

  /** Sets {@link #getBytesDone()}. */
  public SnapshotStatus setBytesDone(long bytesDone) {
    this.bytesDone = bytesDone;
    return this;
  }

  /** Bytes of the whole snapshot under way; 0 while that is not known. */
  public long getBytesTotal() {
    return bytesTotal;
  }

  /** Sets {@link #getBytesTotal()}. */
  public SnapshotStatus setBytesTotal(long bytesTotal) {
    this.bytesTotal = bytesTotal;
    return this;
  }

  /** Snapshots saved since the node started. */
  public long getSaved() {
    return saved;
  }

  /** Sets {@link #getSaved()}. */
  public SnapshotStatus setSaved(long saved) {
    this.saved = saved;
    return this;
  }

  /** Snapshots of other members installed since the node started. */
  public long getInstalled() {
    return installed;
  }

  /** Sets {@link #getInstalled()}. */
  public SnapshotStatus setInstalled(long installed) {
    this.installed = installed;
    return this;
  }

  /** Bytes of snapshots sent to other members since the node started. */
  public long getSentBytes() {
    return sentBytes;
  }

  /** Sets {@link #getSentBytes()}. */
  public SnapshotStatus setSentBytes(long sentBytes) {
    this.sentBytes = sentBytes;
    return this;
  }

  /** Bytes of snapshots received from other members since the node started. */
  public long getReceivedBytes() {
    return receivedBytes;
  }

  /** Sets {@link #getReceivedBytes()}. */
  public SnapshotStatus setReceivedBytes(long receivedBytes) {
    this.receivedBytes = receivedBytes;
    return this;
  }

  /** What went wrong with the last snapshot that failed, or null; stays until one succeeds. */
  public String getLastFailure() {
    return lastFailure;
  }

  /** Sets {@link #getLastFailure()}. */
  public SnapshotStatus setLastFailure(String lastFailure) {
    this.lastFailure = lastFailure;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
