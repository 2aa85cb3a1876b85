package io.vertxraft.spi;

import io.vertx.core.buffer.Buffer;

/**
 * What a client asks of a group, through any member.
 *
 * @param kind what it wants
 * @param sessionId the session, 0 for none
 * @param sequence which command of the session
 * @param acknowledged the client has the answers to all sequence numbers below this
 * @param consistency how fresh a read must be, as {@link io.vertxraft.Consistency} prints it; else
 *     empty
 * @param timeoutMs how long an answer is waited for, in milliseconds; 0 for as long as the member
 *     usually takes. For {@link Kind#OPEN_SESSION} also how long the session is kept, in {@code
 *     sequence}
 * @param body the command, the commands, or the query
 */
public record ClientRequest(
    Kind kind,
    long sessionId,
    long sequence,
    long acknowledged,
    String consistency,
    long timeoutMs,
    Buffer body) {
  private static final Buffer NO_BYTES = Buffer.buffer(0);

  /** What a client may want. The names are part of the wire format. */
  public enum Kind {
    /** Apply the command in the body. */
    COMMAND,
    /** Apply the commands in the body together, each preceded by its length as u32. */
    COMMANDS,
    /**
     * Open a session that is kept for {@code sequence} milliseconds; answered with its id as u64.
     */
    OPEN_SESSION,
    /** Keep the session. */
    KEEP_ALIVE,
    /** Forget the session. */
    CLOSE_SESSION,
    /** Put the query in the body to the state machine. */
    READ,
    /**
     * Tell whether the command appended in term {@code sequence} at index {@code acknowledged} is
     * committed; answered with the name of a {@link io.vertxraft.CommandFate}.
     */
    RESOLVE
  }

  /** A command or commands, in a session or without one. */
  public static ClientRequest commands(
      boolean several,
      long sessionId,
      long sequence,
      long acknowledged,
      long timeoutMs,
      Buffer body) {
    Kind kind = several ? Kind.COMMANDS : Kind.COMMAND;
    return new ClientRequest(kind, sessionId, sequence, acknowledged, "", timeoutMs, body);
  }

  /** A new session, kept for {@code keptMs} milliseconds of log time without a sign of life. */
  public static ClientRequest openSession(long keptMs, long timeoutMs) {
    return new ClientRequest(Kind.OPEN_SESSION, 0, keptMs, 0, "", timeoutMs, NO_BYTES);
  }

  /** A sign of life of a session. */
  public static ClientRequest keepAlive(long sessionId, long acknowledged, long timeoutMs) {
    return new ClientRequest(Kind.KEEP_ALIVE, sessionId, 0, acknowledged, "", timeoutMs, NO_BYTES);
  }

  /** The end of a session. */
  public static ClientRequest closeSession(long sessionId, long timeoutMs) {
    return new ClientRequest(Kind.CLOSE_SESSION, sessionId, 0, 0, "", timeoutMs, NO_BYTES);
  }

  /** A query. */
  public static ClientRequest read(String consistency, long timeoutMs, Buffer query) {
    return new ClientRequest(Kind.READ, 0, 0, 0, consistency, timeoutMs, query);
  }

  /** A question after a command whose outcome is not known. */
  public static ClientRequest resolve(long term, long index, long timeoutMs) {
    return new ClientRequest(Kind.RESOLVE, 0, term, index, "", timeoutMs, NO_BYTES);
  }

  /** The same, with another time-out. */
  public ClientRequest within(long newTimeoutMs) {
    return new ClientRequest(
        kind, sessionId, sequence, acknowledged, consistency, newTimeoutMs, body);
  }

  /** Kind, session and size; never the body. */
  @Override
  public String toString() {
    return "ClientRequest[%s, session=%d, sequence=%d, %dB]"
        .formatted(kind, sessionId, sequence, body.length());
  }
}
