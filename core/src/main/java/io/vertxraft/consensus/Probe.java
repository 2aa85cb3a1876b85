package io.vertxraft.consensus;

import io.vertxraft.protocol.RaftMessage;

/**
 * A test's window into a member: it hears what the member goes through, and may choose where the
 * algorithm leaves a choice. Production uses {@link #NONE}, which hears nothing and chooses
 * nothing.
 *
 * <p>Called on the member's context. It must not call back into the member, other than to look.
 */
public interface Probe {
  /** Neither listens nor chooses. */
  Probe NONE = new Probe() {};

  /** A corner worth knowing that tests get to. */
  default void reached(Mark mark) {}

  /** Whether the member takes the unusual one of two ways that are both right. */
  default boolean chooses(Choice choice) {
    return false;
  }

  /**
   * The core has dealt with one event.
   *
   * @param step which
   * @param from the sender of the message, else null
   * @param message the message received, else null
   * @param core the member, for looking only
   */
  default void stepped(Step step, String from, RaftMessage message, RaftCore core) {}

  /** A turn has ended, and these are its effects. */
  default void turnEnded(RaftCore core, Effects effects) {}

  /**
   * The member has failed and serves no more. Whoever returns true knows what to do with it; else
   * it is logged as an error.
   */
  default boolean failed(Throwable cause) {
    return false;
  }

  /** The events of a {@link RaftCore}. */
  enum Step {
    /** The member has come up. */
    START,
    /** Time has passed. */
    TICK,
    /** A message has arrived. */
    RECEIVE,
    /** Commands were offered. */
    PROPOSE,
    /** Writes have become durable. */
    PERSISTED,
    /** Entries have been applied. */
    APPLIED,
    /** Entries have been read. */
    LOADED,
    /** Entries were removed from the front of the log. */
    COMPACTED,
    /** A snapshot of another member has taken the place of the log. */
    INSTALLED
  }
}
