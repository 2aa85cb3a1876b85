package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;

/**
 * Limits of what a group remembers of its clients' sessions.
 *
 * <p>They are replicated: what counts is what the member says through which the newest session was
 * opened.
 */
@DataObject
@JsonGen(publicConverter = false)
public class SessionTableOptions {
  /** Default {@link #getCountMax()}: {@value}. */
  public static final int DEFAULT_COUNT_MAX = 10_000;

  /** Default {@link #getReplyBytesMax()}: {@value}. */
  public static final long DEFAULT_REPLY_BYTES_MAX = 16L * 1024 * 1024;

  private int countMax = DEFAULT_COUNT_MAX;
  private long replyBytesMax = DEFAULT_REPLY_BYTES_MAX;

  /** Options with all defaults. */
  public SessionTableOptions() {}

  /** Copies options. */
  public SessionTableOptions(SessionTableOptions other) {
    this.countMax = other.countMax;
    this.replyBytesMax = other.replyBytesMax;
  }

  /** Reads options from JSON; absent properties keep their defaults. */
  public SessionTableOptions(JsonObject json) {
    SessionTableOptionsConverter.fromJson(json, this);
  }

  /** The JSON form that {@link #SessionTableOptions(JsonObject)} reads. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    SessionTableOptionsConverter.toJson(this, json);
    return json;
  }

  void validate() {
    // All of it fits into the manifest of a snapshot, whatever clients do.
    OptionChecks.range("sessions.countMax", countMax, 1, 100_000);
    OptionChecks.range("sessions.replyBytesMax", replyBytesMax, 0, 24L * 1024 * 1024);
  }

  /** How many sessions the group keeps; for one more, the one closest to its expiry goes. */
  public int getCountMax() {
    return countMax;
  }

  /** Sets {@linkplain #getCountMax() how many sessions the group keeps}. */
  public SessionTableOptions setCountMax(int countMax) {
    this.countMax = countMax;
    return this;
  }

  /**
   * Bytes of the replies kept for clients that have not acknowledged them, all sessions together;
   * beyond it the oldest go, and a command that is sent again gets {@link
   * RaftException.Unknown.Reason#REPLY_FORGOTTEN}.
   */
  public long getReplyBytesMax() {
    return replyBytesMax;
  }

  /** Sets {@linkplain #getReplyBytesMax() how many bytes of replies are kept}. */
  public SessionTableOptions setReplyBytesMax(long replyBytesMax) {
    this.replyBytesMax = replyBytesMax;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
