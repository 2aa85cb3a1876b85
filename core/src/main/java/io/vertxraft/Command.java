package io.vertxraft;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.protocol.LogEntry;

/** A committed command on its way into the state machine. */
public final class Command {
  private final LogEntry entry;
  private final byte[] bytes;
  private final int from;
  private final int length;
  private final long sessionId;
  private final boolean sessionEnded;

  /** Wraps a committed entry of type {@code COMMAND}. */
  public Command(LogEntry entry) {
    this(entry, entry.encoded(), entry.payloadOffset(), entry.payloadBytes(), 0);
  }

  /**
   * One of the commands of a committed entry.
   *
   * @param entry the entry
   * @param bytes holds the command
   * @param from where it begins
   * @param length how long it is
   * @param sessionId the session it came in, 0 for none
   */
  public Command(LogEntry entry, byte[] bytes, int from, int length, long sessionId) {
    this(entry, bytes, from, length, sessionId, false);
  }

  private Command(
      LogEntry entry, byte[] bytes, int from, int length, long sessionId, boolean sessionEnded) {
    this.entry = entry;
    this.bytes = bytes;
    this.from = from;
    this.length = length;
    this.sessionId = sessionId;
    this.sessionEnded = sessionEnded;
  }

  /** The news that a session has ended, right before {@code entry} takes effect. */
  public static Command sessionEnded(LogEntry entry, long sessionId) {
    return new Command(entry, new byte[0], 0, 0, sessionId, true);
  }

  /**
   * The command's log index, the same on every member. It rises from command to command, except
   * that commands which were applied together ({@link RaftNode#applyAll}) share one.
   */
  public long index() {
    return entry.index();
  }

  /** The term in which the command was appended. */
  public long term() {
    return entry.term();
  }

  /** The session the command came in, 0 for none; the same on every member. */
  public long sessionId() {
    return sessionId;
  }

  /**
   * Whether this is no command of a client, but the news that {@link #sessionId()} has expired or
   * was closed; see {@link StateMachine#wantsSessionEnds()}. The payload is empty, and the reply
   * goes nowhere.
   */
  public boolean isSessionEnd() {
    return sessionEnded;
  }

  /** The bytes given to {@link RaftNode#apply}; a fresh buffer at each call. */
  public Buffer payload() {
    return Buffer.buffer(length).setBytes(0, bytes, from, length);
  }

  @Override
  public String toString() {
    return sessionEnded ? "Command[session " + sessionId + " ended]" : "Command[" + entry + "]";
  }
}
