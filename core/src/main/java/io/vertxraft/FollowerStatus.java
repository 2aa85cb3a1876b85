package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;

/** What a leader knows of one other member. */
@DataObject
@JsonGen(publicConverter = false)
public class FollowerStatus {
  private String nodeId;
  private String replication;
  private long matchIndex;
  private long nextIndex;
  private int messagesInFlight;
  private long bytesInFlight;
  private long lastContactAgeMs = -1;
  private double roundTripMs = -1;
  private boolean damaged;
  private boolean clockSuspect;
  private long snapshotIndex;
  private long snapshotBytesDone;
  private long snapshotBytesTotal;

  /** An empty status. */
  public FollowerStatus() {}

  /** Reads the JSON form. */
  public FollowerStatus(JsonObject json) {
    FollowerStatusConverter.fromJson(json, this);
  }

  /** The JSON form. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    FollowerStatusConverter.toJson(this, json);
    return json;
  }

  /** The member. */
  public String getNodeId() {
    return nodeId;
  }

  /** Sets {@link #getNodeId()}. */
  public FollowerStatus setNodeId(String nodeId) {
    this.nodeId = nodeId;
    return this;
  }

  /**
   * {@code PROBE} while the leader looks for the common prefix, {@code REPLICATE} after; {@code
   * SNAPSHOT} while the member fetches a snapshot in place of entries that are gone.
   */
  public String getReplication() {
    return replication;
  }

  /** Sets {@link #getReplication()}. */
  public FollowerStatus setReplication(String replication) {
    this.replication = replication;
    return this;
  }

  /** Last index the member is known to hold durably. */
  public long getMatchIndex() {
    return matchIndex;
  }

  /** Sets {@link #getMatchIndex()}. */
  public FollowerStatus setMatchIndex(long matchIndex) {
    this.matchIndex = matchIndex;
    return this;
  }

  /** Next index to send. */
  public long getNextIndex() {
    return nextIndex;
  }

  /** Sets {@link #getNextIndex()}. */
  public FollowerStatus setNextIndex(long nextIndex) {
    this.nextIndex = nextIndex;
    return this;
  }

  /** AppendEntries messages sent and not yet answered. */
  public int getMessagesInFlight() {
    return messagesInFlight;
  }

  /** Sets {@link #getMessagesInFlight()}. */
  public FollowerStatus setMessagesInFlight(int messagesInFlight) {
    this.messagesInFlight = messagesInFlight;
    return this;
  }

  /** Bytes of entries sent and not yet answered. */
  public long getBytesInFlight() {
    return bytesInFlight;
  }

  /** Sets {@link #getBytesInFlight()}. */
  public FollowerStatus setBytesInFlight(long bytesInFlight) {
    this.bytesInFlight = bytesInFlight;
    return this;
  }

  /** Milliseconds since the member last answered, or -1 if it has not answered this leader yet. */
  public long getLastContactAgeMs() {
    return lastContactAgeMs;
  }

  /** Sets {@link #getLastContactAgeMs()}. */
  public FollowerStatus setLastContactAgeMs(long lastContactAgeMs) {
    this.lastContactAgeMs = lastContactAgeMs;
    return this;
  }

  /**
   * Round trip of the newest answered heartbeat in milliseconds, or -1 if none was answered yet.
   */
  public double getRoundTripMs() {
    return roundTripMs;
  }

  /** Sets {@link #getRoundTripMs()}. */
  public FollowerStatus setRoundTripMs(double roundTripMs) {
    this.roundTripMs = roundTripMs;
    return this;
  }

  /** Whether the member has lost entries that it may have confirmed, and so is not counted. */
  public boolean isDamaged() {
    return damaged;
  }

  /** Sets {@link #isDamaged()}. */
  public FollowerStatus setDamaged(boolean damaged) {
    this.damaged = damaged;
    return this;
  }

  /** Whether the member's clock runs faster than leases allow for, so that it counts for none. */
  public boolean isClockSuspect() {
    return clockSuspect;
  }

  /** Sets {@link #isClockSuspect()}. */
  public FollowerStatus setClockSuspect(boolean clockSuspect) {
    this.clockSuspect = clockSuspect;
    return this;
  }

  /** Where the snapshot ends that the member fetches; 0 if it fetches none. */
  public long getSnapshotIndex() {
    return snapshotIndex;
  }

  /** Sets {@link #getSnapshotIndex()}. */
  public FollowerStatus setSnapshotIndex(long snapshotIndex) {
    this.snapshotIndex = snapshotIndex;
    return this;
  }

  /** Bytes of that snapshot that the member has. */
  public long getSnapshotBytesDone() {
    return snapshotBytesDone;
  }

  /** Sets {@link #getSnapshotBytesDone()}. */
  public FollowerStatus setSnapshotBytesDone(long snapshotBytesDone) {
    this.snapshotBytesDone = snapshotBytesDone;
    return this;
  }

  /** Bytes of that whole snapshot; 0 while that is not known. */
  public long getSnapshotBytesTotal() {
    return snapshotBytesTotal;
  }

  /** Sets {@link #getSnapshotBytesTotal()}. */
  public FollowerStatus setSnapshotBytesTotal(long snapshotBytesTotal) {
    this.snapshotBytesTotal = snapshotBytesTotal;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
