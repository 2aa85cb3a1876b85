package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;

/** Something that happened to a member, with its cause. */
@DataObject
@JsonGen(publicConverter = false)
public class RaftEvent {
  private RaftEventType type;
  private String groupId;
  private String nodeId;
  private long timeMs;
  private long term;
  private RaftRole role;
  private String leaderId;
  private String peerId;
  private String cause;

  /** An empty event. */
  public RaftEvent() {}

  /** Reads the JSON form. */
  public RaftEvent(JsonObject json) {
    RaftEventConverter.fromJson(json, this);
  }

  /** The JSON form. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    RaftEventConverter.toJson(this, json);
    return json;
  }

  /** What happened. */
  public RaftEventType getType() {
    return type;
  }

  /** Sets {@link #getType()}. */
  public RaftEvent setType(RaftEventType type) {
    this.type = type;
    return this;
  }

  /** The group. */
  public String getGroupId() {
    return groupId;
  }

  /** Sets {@link #getGroupId()}. */
  public RaftEvent setGroupId(String groupId) {
    this.groupId = groupId;
    return this;
  }

  /** The member that reports. */
  public String getNodeId() {
    return nodeId;
  }

  /** Sets {@link #getNodeId()}. */
  public RaftEvent setNodeId(String nodeId) {
    this.nodeId = nodeId;
    return this;
  }

  /** Wall-clock time in milliseconds since the epoch, for display. */
  public long getTimeMs() {
    return timeMs;
  }

  /** Sets {@link #getTimeMs()}. */
  public RaftEvent setTimeMs(long timeMs) {
    this.timeMs = timeMs;
    return this;
  }

  /** The member's term after the event. */
  public long getTerm() {
    return term;
  }

  /** Sets {@link #getTerm()}. */
  public RaftEvent setTerm(long term) {
    this.term = term;
    return this;
  }

  /** The member's role after the event. */
  public RaftRole getRole() {
    return role;
  }

  /** Sets {@link #getRole()}. */
  public RaftEvent setRole(RaftRole role) {
    this.role = role;
    return this;
  }

  /** The leader the member knows after the event, or null. */
  public String getLeaderId() {
    return leaderId;
  }

  /** Sets {@link #getLeaderId()}. */
  public RaftEvent setLeaderId(String leaderId) {
    this.leaderId = leaderId;
    return this;
  }

  /** The other member concerned, or null. */
  public String getPeerId() {
    return peerId;
  }

  /** Sets {@link #getPeerId()}. */
  public RaftEvent setPeerId(String peerId) {
    this.peerId = peerId;
    return this;
  }

  /** Why it happened, in words. */
  public String getCause() {
    return cause;
  }

  /** Sets {@link #getCause()}. */
  public RaftEvent setCause(String cause) {
    this.cause = cause;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
