package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;

/**
 * How long something took within the last 10 to 20 seconds. Percentiles are exact to an eighth, and
 * never below what was measured.
 */
@DataObject
@JsonGen(publicConverter = false)
public class LatencyStatus {
  private long count;
  private long lastMicros;
  private long p50Micros;
  private long p90Micros;
  private long p99Micros;
  private long maxMicros;

  /** Nothing measured. */
  public LatencyStatus() {}

  /** Reads the JSON form. */
  public LatencyStatus(JsonObject json) {
    LatencyStatusConverter.fromJson(json, this);
  }

  /** The JSON form. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    LatencyStatusConverter.toJson(this, json);
    return json;
  }

  /** How many were measured. */
  public long getCount() {
    return count;
  }

  /** Sets {@link #getCount()}. */
  public LatencyStatus setCount(long count) {
    this.count = count;
    return this;
  }

  /** The newest, in microseconds. */
  public long getLastMicros() {
    return lastMicros;
  }

  /** Sets {@link #getLastMicros()}. */
  public LatencyStatus setLastMicros(long lastMicros) {
    this.lastMicros = lastMicros;
    return this;
  }

  /** Half took no longer than this, in microseconds. */
  public long getP50Micros() {
    return p50Micros;
  }

  /** Sets {@link #getP50Micros()}. */
  public LatencyStatus setP50Micros(long p50Micros) {
    this.p50Micros = p50Micros;
    return this;
  }

  /** Nine of ten took no longer than this, in microseconds. */
  public long getP90Micros() {
    return p90Micros;
  }

  /** Sets {@link #getP90Micros()}. */
  public LatencyStatus setP90Micros(long p90Micros) {
    this.p90Micros = p90Micros;
    return this;
  }

  /** 99 of 100 took no longer than this, in microseconds. */
  public long getP99Micros() {
    return p99Micros;
  }

  /** Sets {@link #getP99Micros()}. */
  public LatencyStatus setP99Micros(long p99Micros) {
    this.p99Micros = p99Micros;
    return this;
  }

  /** The longest, in microseconds. */
  public long getMaxMicros() {
    return maxMicros;
  }

  /** Sets {@link #getMaxMicros()}. */
  public LatencyStatus setMaxMicros(long maxMicros) {
    this.maxMicros = maxMicros;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
