package io.vertxraft.protocol;

import java.nio.ByteBuffer;

/**
 * The payload of an {@link EntryType#ENVELOPE} entry: commands with what client sessions need, or
 * news of a session (R-10; thesis 6.3).
 *
 * <p>Format, version 1, all numbers big-endian:
 *
 * <pre>
 *  0  u8   format version (1)
 *  1  u8   kind
 *  2  u8   flags: 1 several commands, 2 deflated
 *  3  u8   0
 *  4  u64  log time in milliseconds, written by the leader that appends it
 * 12  u64  session id, 0 for none
 * 20  u64  sequence number of the command within its session
 * 28  u64  the lowest sequence number whose answer the client still waits for
 * 36       body
 * </pre>
 *
 * <p>The body of a command is its bytes; of several, each preceded by its length as u32; deflated,
 * the length of all that as u32 and its deflated form. The body of {@link Kind#OPEN_SESSION} is
 * {@link SessionTerms}.
 *
 * @param kind what it is
 * @param several whether the body holds several commands
 * @param deflated whether the body is deflated
 * @param logTimeMs the leader's log time when it was appended, in milliseconds
 * @param sessionId the session, 0 for none
 * @param sequence which command of the session
 * @param acknowledged the client has the answers to all sequence numbers below this
 * @param bytes what holds the body
 * @param bodyAt where the body begins in {@code bytes}; it reaches to their end
 */
@SuppressWarnings("ArrayRecordComponent")
public record Envelope(
    Kind kind,
    boolean several,
    boolean deflated,
    long logTimeMs,
    long sessionId,
    long sequence,
    long acknowledged,
    byte[] bytes,
    int bodyAt) {
  /** Bytes that precede the body. */
  public static final int HEADER_BYTES = 36;

  /** Where the body begins in an entry to be. */
  public static final int BODY_AT = EntryCodec.HEADER_BYTES + HEADER_BYTES;

  /** Format version written. */
  public static final byte VERSION = 1;

  private static final int SEVERAL = 1;
  private static final int DEFLATED = 2;
  private static final int LOG_TIME_AT = 4;

  /** What an envelope is. The code is part of the disk and wire format. */
  public enum Kind {
    /** One or several commands for the state machine. */
    COMMAND,
    /** A client opens a session; the entry's index becomes the session's id. */
    OPEN_SESSION,
    /** The session is still wanted. */
    KEEP_ALIVE,
    /** The session is not wanted any more. */
    CLOSE_SESSION
  }

  /**
   * What a session is opened with. The limits of the group's table are part of the entry, so that
   * all members apply the same ones.
   *
   * @param timeoutMs log time in milliseconds without a sign of life after which it expires
   * @param sessionsMax how many sessions there may be; the one closest to its expiry makes room
   * @param replyBytesMax bytes of the replies that the table keeps
   */
  public record SessionTerms(long timeoutMs, int sessionsMax, long replyBytesMax) {
    private static final int BYTES = 20;

    byte[] encoded() {
      return ByteBuffer.allocate(BYTES)
          .putLong(timeoutMs)
          .putInt(sessionsMax)
          .putLong(replyBytesMax)
          .array();
    }
  }

  /** An entry to be that opens a session; the leader seals it. */
  public static byte[] openSession(SessionTerms terms) {
    byte[] body = terms.encoded();
    byte[] entry = allocate(Kind.OPEN_SESSION, false, false, 0, 0, 0, body.length);
    System.arraycopy(body, 0, entry, BODY_AT, body.length);
    return entry;
  }

  /**
   * An array for an entry to be, with everything but the body in place.
   *
   * @param bodyBytes room for the body, which begins at {@link #BODY_AT}
   */
  public static byte[] allocate(
      Kind kind,
      boolean several,
      boolean deflated,
      long sessionId,
      long sequence,
      long acknowledged,
      int bodyBytes) {
    byte[] entry = EntryCodec.allocate(HEADER_BYTES + bodyBytes, EntryType.ENVELOPE);
    ByteBuffer.wrap(entry, EntryCodec.HEADER_BYTES, HEADER_BYTES)
        .put(VERSION)
        .put((byte) kind.ordinal())
        .put((byte) ((several ? SEVERAL : 0) | (deflated ? DEFLATED : 0)))
        .put((byte) 0)
        .putLong(0)
        .putLong(sessionId)
        .putLong(sequence)
        .putLong(acknowledged);
    return entry;
  }

  /** The leader that appends the entry to be writes its log time into it. */
  public static void stamp(byte[] entry, long logTimeMs) {
    ByteBuffer.wrap(entry).putLong(EntryCodec.HEADER_BYTES + LOG_TIME_AT, logTimeMs);
  }

  /**
   * Reads the payload of an entry.
   *
   * @throws CorruptEntryException if it is no envelope of this version
   */
  public static Envelope of(LogEntry entry) {
    return parse(entry.encoded(), entry.payloadOffset());
  }

  /**
   * Checks an entry to be that another member has passed on.
   *
   * @param entry an array from {@link EntryCodec#allocate(int, EntryType)}
   * @throws CorruptEntryException if its payload is no envelope of this version
   */
  public static Envelope ofUnsealed(byte[] entry) {
    return parse(entry, EntryCodec.HEADER_BYTES);
  }

  private static Envelope parse(byte[] bytes, int from) {
    if (bytes.length - from < HEADER_BYTES) {
      throw new CorruptEntryException("envelope shorter than its header");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes, from, HEADER_BYTES);
    byte version = header.get();
    if (version != VERSION) {
      throw new CorruptEntryException("envelope format version " + version + " is not known");
    }
    int kind = header.get();
    if (kind < 0 || kind >= Kind.values().length) {
      throw new CorruptEntryException("unknown envelope kind code " + kind);
    }
    int flags = header.getShort() >> Byte.SIZE;
    if ((flags & ~(SEVERAL | DEFLATED)) != 0) {
      throw new CorruptEntryException("unknown envelope flags " + flags);
    }
    return new Envelope(
        Kind.values()[kind],
        (flags & SEVERAL) != 0,
        (flags & DEFLATED) != 0,
        header.getLong(),
        header.getLong(),
        header.getLong(),
        header.getLong(),
        bytes,
        from + HEADER_BYTES);
  }

  /** Length of the body in bytes, as it stands in the entry. */
  public int bodyBytes() {
    return bytes.length - bodyAt;
  }

  /**
   * What a session is opened with.
   *
   * @throws CorruptEntryException if the body does not say
   */
  public SessionTerms terms() {
    if (bodyBytes() < SessionTerms.BYTES) {
      throw new CorruptEntryException("a session is opened without its terms");
    }
    ByteBuffer body = ByteBuffer.wrap(bytes, bodyAt, SessionTerms.BYTES);
    return new SessionTerms(body.getLong(), body.getInt(), body.getLong());
  }

  /** Kind, session and sizes; never the commands themselves. */
  @Override
  public String toString() {
    return "Envelope[%s, session=%d, sequence=%d, acknowledged=%d, %dB]"
        .formatted(kind, sessionId, sequence, acknowledged, bodyBytes());
  }
}
