package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;

/** How one command is to be applied. */
@DataObject
@JsonGen(publicConverter = false)
public class ApplyOptions {
  private long timeoutMs;

  /** Options with all defaults. */
  public ApplyOptions() {}

  /** Copies options. */
  public ApplyOptions(ApplyOptions other) {
    this.timeoutMs = other.timeoutMs;
  }

  /** Reads options from JSON; absent properties keep their defaults. */
  public ApplyOptions(JsonObject json) {
    ApplyOptionsConverter.fromJson(json, this);
  }

  /** The JSON form that {@link #ApplyOptions(JsonObject)} reads. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    ApplyOptionsConverter.toJson(this, json);
    return json;
  }

  /**
   * How long the outcome is waited for, in milliseconds; 0, the default, for as long as {@link
   * RaftOptions#getApplyTimeoutMs()} or {@link SessionOptions#getApplyTimeoutMs()} say.
   * After that the command ends as {@link RaftException.Unknown}: it may still be applied.
   */
  public long getTimeoutMs() {
    return timeoutMs;
  }

  /** Sets {@linkplain #getTimeoutMs() how long the outcome is waited for}. */
  public ApplyOptions setTimeoutMs(long timeoutMs) {
    OptionChecks.range("timeoutMs", timeoutMs, 0, 86_400_000);
    this.timeoutMs = timeoutMs;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
