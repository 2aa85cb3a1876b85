package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;

/**
 * When a member has heard another one last. Two members need not agree whether they are connected.
 */
@DataObject
@JsonGen(publicConverter = false)
public class PeerContact {
  private String nodeId;
  private long heardAgeMs = -1;

  /** Contact with nobody. */
  public PeerContact() {}

  /** Reads the JSON form. */
  public PeerContact(JsonObject json) {
    PeerContactConverter.fromJson(json, this);
  }

  /** The JSON form. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    PeerContactConverter.toJson(this, json);
    return json;
  }

  /** The other member. */
  public String getNodeId() {
    return nodeId;
  }

  /** Sets {@link #getNodeId()}. */
  public PeerContact setNodeId(String nodeId) {
    this.nodeId = nodeId;
    return this;
  }

  /** Milliseconds since any message of the other member arrived, or -1 if none has. */
  public long getHeardAgeMs() {
    return heardAgeMs;
  }

  /** Sets {@link #getHeardAgeMs()}. */
  public PeerContact setHeardAgeMs(long heardAgeMs) {
    this.heardAgeMs = heardAgeMs;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
