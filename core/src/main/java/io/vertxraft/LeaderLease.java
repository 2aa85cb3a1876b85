package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;

/**
 * What a member's lease as leader was worth at the moment it was asked for.
 *
 * <p>While it is {@link State#VALID} no other member can have been elected, provided that no
 * member's clock runs faster than another's by more than {@link
 * RaftOptions#getClockDriftMaxPercent()}. Whoever does something on the strength of a lease asks
 * again afterwards: a process may have stood still in between. Valid both times, with the same
 * epoch, means valid all the time.
 */
@DataObject
@JsonGen(publicConverter = false)
public class LeaderLease {
  /** What a lease is worth. */
  public enum State {
    /** Nobody else can lead for {@link LeaderLease#getRemainingMicros()}. */
    VALID,
    /** The member does not lead, or no quorum has answered it lately. */
    EXPIRED,
    /**
     * The member leads, but has not applied an entry of its term yet, or has not yet seen how fast
     * the clocks of a quorum run.
     */
    NOT_READY,
    /** The member has offered its leadership to another one, and leads on without a lease. */
    DISABLED
  }

  private State state = State.EXPIRED;
  private long epoch;
  private long remainingMicros;

  /** An expired lease. */
  public LeaderLease() {}

  /** Copies a lease. */
  public LeaderLease(LeaderLease other) {
    this(other.toJson());
  }

  /** Reads the JSON form. */
  public LeaderLease(JsonObject json) {
    LeaderLeaseConverter.fromJson(json, this);
  }

  /** The JSON form. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    LeaderLeaseConverter.toJson(this, json);
    return json;
  }

  /** What the lease is worth. */
  public State getState() {
    return state;
  }

  /** Sets {@link #getState()}. */
  public LeaderLease setState(State state) {
    this.state = state;
    return this;
  }

  /** Whether the lease is valid. */
  public boolean valid() {
    return state == State.VALID;
  }

  /** Names the leadership that the lease belongs to: its term. */
  public long getEpoch() {
    return epoch;
  }

  /** Sets {@link #getEpoch()}. */
  public LeaderLease setEpoch(long epoch) {
    this.epoch = epoch;
    return this;
  }

  /** Microseconds for which a valid lease will last if no more answers arrive; else 0. */
  public long getRemainingMicros() {
    return remainingMicros;
  }

  /** Sets {@link #getRemainingMicros()}. */
  public LeaderLease setRemainingMicros(long remainingMicros) {
    this.remainingMicros = remainingMicros;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
