package io.vertxraft;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * An entry of a member's log, for those who look at it.
 *
 * @param index its position
 * @param term in which it was appended
 * @param kind what it is
 * @param bytes its encoded length, as it counts in every limit
 * @param sessionId the session it belongs to, 0 for none
 * @param commands the commands in it, as they were given to {@code apply}; empty unless {@code
 *     kind} is {@link Kind#COMMAND}
 */
public record LogRecord(
    long index, long term, Kind kind, int bytes, long sessionId, List<Buffer> commands) {
  /** What an entry is. */
  public enum Kind {
    /** The first entry of a leader's term, which carries nothing. */
    NO_OP,
    /** A command for the state machine, or several that are applied together. */
    COMMAND,
    /** Who the members are. */
    CONFIGURATION,
    /** A session is opened, kept or closed. */
    SESSION
  }

  /** Copies the list. */
  public LogRecord {
    commands = List.copyOf(commands);
  }
}
