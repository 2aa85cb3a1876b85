package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;

/** How a {@link RaftSession} behaves. */
@DataObject
@JsonGen(publicConverter = false)
public class SessionOptions {
  /** Default {@link #getKeptMs()}: {@value}. */
  public static final long DEFAULT_KEPT_MS = 60_000;

  /** Default {@link #getApplyTimeoutMs()}: {@value}. */
  public static final long DEFAULT_APPLY_TIMEOUT_MS = 30_000;

  /** Default {@link #getAttemptTimeoutMs()}: {@value}. */
  public static final long DEFAULT_ATTEMPT_TIMEOUT_MS = 5_000;

  /** Default {@link #getRetryDelayMs()}: {@value}. */
  public static final long DEFAULT_RETRY_DELAY_MS = 50;

  /** Default {@link #getRetryDelayMaxMs()}: {@value}. */
  public static final long DEFAULT_RETRY_DELAY_MAX_MS = 1_000;

  /** Default {@link #getInFlightMax()}: {@value}. */
  public static final int DEFAULT_IN_FLIGHT_MAX = 512;

  private long keptMs = DEFAULT_KEPT_MS;
  private long applyTimeoutMs = DEFAULT_APPLY_TIMEOUT_MS;
  private long attemptTimeoutMs = DEFAULT_ATTEMPT_TIMEOUT_MS;
  private long retryDelayMs = DEFAULT_RETRY_DELAY_MS;
  private long retryDelayMaxMs = DEFAULT_RETRY_DELAY_MAX_MS;
  private int inFlightMax = DEFAULT_IN_FLIGHT_MAX;

  /** Options with all defaults. */
  public SessionOptions() {}

  /** Copies options. */
  public SessionOptions(SessionOptions other) {
    this(other.toJson());
  }

  /** Reads options from JSON; absent properties keep their defaults. */
  public SessionOptions(JsonObject json) {
    SessionOptionsConverter.fromJson(json, this);
  }

  /** The JSON form that {@link #SessionOptions(JsonObject)} reads. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    SessionOptionsConverter.toJson(this, json);
    return json;
  }

  /**
   * Checks every option.
   *
   * @return this
   * @throws IllegalArgumentException naming the first option that does not fit, its value and what
   *     is allowed
   */
  public SessionOptions validate() {
    OptionChecks.range("keptMs", keptMs, 100, 30L * 86_400_000);
    OptionChecks.range("applyTimeoutMs", applyTimeoutMs, 1, 86_400_000);
    OptionChecks.range("attemptTimeoutMs", attemptTimeoutMs, 1, 86_400_000);
    OptionChecks.range("retryDelayMs", retryDelayMs, 1, 60_000);
    OptionChecks.range("retryDelayMaxMs", retryDelayMaxMs, retryDelayMs, 600_000);
    OptionChecks.range("inFlightMax", inFlightMax, 1, 1_000);
    return this;
  }

  /**
   * How long the group keeps the session without a sign of life, in milliseconds of log time, which
   * passes only while a leader leads. An open session gives signs of life by itself.
   */
  public long getKeptMs() {
    return keptMs;
  }

  /** Sets {@linkplain #getKeptMs() how long the session is kept}. */
  public SessionOptions setKeptMs(long keptMs) {
    this.keptMs = keptMs;
    return this;
  }

  /** How long a call is tried, all attempts together, in milliseconds. */
  public long getApplyTimeoutMs() {
    return applyTimeoutMs;
  }

  /** Sets {@linkplain #getApplyTimeoutMs() how long a call is tried}. */
  public SessionOptions setApplyTimeoutMs(long applyTimeoutMs) {
    this.applyTimeoutMs = applyTimeoutMs;
    return this;
  }

  /** How long one attempt may take before the next is made, in milliseconds. */
  public long getAttemptTimeoutMs() {
    return attemptTimeoutMs;
  }

  /** Sets {@linkplain #getAttemptTimeoutMs() how long an attempt may take}. */
  public SessionOptions setAttemptTimeoutMs(long attemptTimeoutMs) {
    this.attemptTimeoutMs = attemptTimeoutMs;
    return this;
  }

  /** The pause after the first attempt that failed, in milliseconds; it doubles each time. */
  public long getRetryDelayMs() {
    return retryDelayMs;
  }

  /** Sets {@linkplain #getRetryDelayMs() the first pause}. */
  public SessionOptions setRetryDelayMs(long retryDelayMs) {
    this.retryDelayMs = retryDelayMs;
    return this;
  }

  /** The longest pause between two attempts, in milliseconds. */
  public long getRetryDelayMaxMs() {
    return retryDelayMaxMs;
  }

  /** Sets {@linkplain #getRetryDelayMaxMs() the longest pause}. */
  public SessionOptions setRetryDelayMaxMs(long retryDelayMaxMs) {
    this.retryDelayMaxMs = retryDelayMaxMs;
    return this;
  }

  /** Calls of the session that may wait for their outcome at a time; more are overloaded. */
  public int getInFlightMax() {
    return inFlightMax;
  }

  /** Sets {@linkplain #getInFlightMax() how many calls may be in flight}. */
  public SessionOptions setInFlightMax(int inFlightMax) {
    this.inFlightMax = inFlightMax;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
