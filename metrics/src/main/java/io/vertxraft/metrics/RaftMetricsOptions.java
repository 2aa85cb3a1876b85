package io.vertxraft.metrics;

import io.vertx.core.json.JsonObject;
import io.vertx.micrometer.MicrometerMetricsOptions;

/** How {@link RaftMetrics} publish. */
public class RaftMetricsOptions {
  /** Default {@link #getRegistryName()}: {@value}, the one of Vert.x. */
  public static final String DEFAULT_REGISTRY_NAME = MicrometerMetricsOptions.DEFAULT_REGISTRY_NAME;

  /** Default {@link #getSampleIntervalMs()}: {@value}. */
  public static final long DEFAULT_SAMPLE_INTERVAL_MS = 1_000;

  private String registryName = DEFAULT_REGISTRY_NAME;
  private long sampleIntervalMs = DEFAULT_SAMPLE_INTERVAL_MS;

  /** Options with all defaults, which suit most uses. */
  public RaftMetricsOptions() {}

  /** Copies options. */
  public RaftMetricsOptions(RaftMetricsOptions other) {
    this(other.toJson());
  }

  /** Reads options from JSON; absent properties keep their defaults. */
  public RaftMetricsOptions(JsonObject json) {
    registryName = json.getString("registryName", registryName);
    sampleIntervalMs = json.getLong("sampleIntervalMs", sampleIntervalMs);
  }

  /** The JSON form that {@link #RaftMetricsOptions(JsonObject)} reads. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("registryName", registryName)
        .put("sampleIntervalMs", sampleIntervalMs);
  }

  /**
   * Checks every option.
   *
   * @return this
   * @throws IllegalArgumentException naming the option that does not fit, its value and what is
   *     allowed
   */
  public RaftMetricsOptions validate() {
    if (registryName == null || registryName.isBlank()) {
      throw new IllegalArgumentException(
          "registryName is missing: use the one in the MicrometerMetricsOptions of your Vertx");
    }
    if (sampleIntervalMs != 0 && (sampleIntervalMs < 50 || sampleIntervalMs > 3_600_000)) {
      throw new IllegalArgumentException(
          "sampleIntervalMs %d is not 0 (never) or within 50..3600000".formatted(sampleIntervalMs));
    }
    return this;
  }

  /** Name of the registry, as in {@link MicrometerMetricsOptions#getRegistryName()}. */
  public String getRegistryName() {
    return registryName;
  }

  /** Sets {@link #getRegistryName()}. */
  public RaftMetricsOptions setRegistryName(String registryName) {
    this.registryName = registryName;
    return this;
  }

  /**
   * Pause between two samples, each of which is one {@link io.vertxraft.RaftNode#status()}; 0 for
   * none but those that {@link RaftMetrics#refresh()} and events ask for.
   */
  public long getSampleIntervalMs() {
    return sampleIntervalMs;
  }

  /** Sets {@link #getSampleIntervalMs()}. */
  public RaftMetricsOptions setSampleIntervalMs(long sampleIntervalMs) {
    this.sampleIntervalMs = sampleIntervalMs;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
