package io.vertxraft;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.protocol.LogEntry;

/** A committed command on its way into the state machine. */
public final class Command {
  private final LogEntry entry;

  /** Wraps a committed entry of type {@code COMMAND}. */
  public Command(LogEntry entry) {
    this.entry = entry;
  }

  /** The command's log index: strictly increasing, the same on every member. */
  public long index() {
    return entry.index();
  }

  /** The term in which the command was appended. */
  public long term() {
    return entry.term();
  }

  /** The bytes given to {@link RaftNode#apply}; a fresh buffer at each call. */
  public Buffer payload() {
    return Buffer.buffer(entry.payloadBytes())
        .setBytes(0, entry.encoded(), entry.payloadOffset(), entry.payloadBytes());
  }

  @Override
  public String toString() {
    return "Command[" + entry + "]";
  }
}
