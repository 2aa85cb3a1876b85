package io.vertxraft;

import io.vertx.core.buffer.Buffer;

/**
 * Replies that say that there is none: a fixed mark of 16 bytes, then what is wrong, then the
 * command's log index. They must be the same on every member, so that they say nothing of why.
 */
final class TypedReplies {
  private static final long MARK_HIGH = 0x9d1f_6a37_c0e8_4b52L;
  private static final long MARK_LOW = 0xb7e4_03d9_5f2c_a186L;
  private static final int LENGTH = 2 * Long.BYTES + 1 + Long.BYTES;
  private static final byte COMMAND_UNREADABLE = 1;
  private static final byte REPLY_UNWRITABLE = 2;

  private TypedReplies() {}

  static Buffer commandUnreadable(long index) {
    return trouble(COMMAND_UNREADABLE, index);
  }

  static Buffer replyUnwritable(long index) {
    return trouble(REPLY_UNWRITABLE, index);
  }

  private static Buffer trouble(byte kind, long index) {
    return Buffer.buffer(LENGTH)
        .appendLong(MARK_HIGH)
        .appendLong(MARK_LOW)
        .appendByte(kind)
        .appendLong(index);
  }

  /** What the reply says went wrong, or null if it is a reply. */
  static CodecException troubleIn(Buffer reply) {
    if (reply.length() != LENGTH
        || reply.getLong(0) != MARK_HIGH
        || reply.getLong(Long.BYTES) != MARK_LOW) {
      return null;
    }
    long index = reply.getLong(2 * Long.BYTES + 1);
    boolean applied = reply.getByte(2 * Long.BYTES) != COMMAND_UNREADABLE;
    String message =
        applied
            ? "the command at log index %d is applied, but the members cannot encode its reply"
            : "the members cannot decode the command at log index %d, and skipped it: caller and"
                + " state machine must have the same codec";
    return new CodecException(
        message.formatted(index) + "; the logs of the members name the cause", applied, null);
  }
}
