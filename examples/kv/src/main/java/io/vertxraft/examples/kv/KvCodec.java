package io.vertxraft.examples.kv;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.examples.kv.KvReply.KeyInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of commands, queries and replies, version 1, numbers big-endian:
 *
 * <pre>
 * command: u8 version, u8 operation, then
 *   PUT    (1): u8 condition, u64 index, u64 storeBytesMax, u16 n, n bytes of key, value
 *   DELETE (2): u8 condition, u64 index, u16 n, n bytes of key
 * query:   u8 version, u8 operation, then
 *   GET    (3): u16 n, n bytes of key
 *   LIST   (4): u32 limit, u16 n, n bytes of prefix, u16 m, m bytes of after
 * reply:   u8 version, u8 status, u8 more, u64 index, u64 term, u32 k,
 *          k times (u16 n, n bytes of key, u64 index, u32 value bytes), value
 * </pre>
 *
 * <p>Commands stay in the log for ever, so a version once written must remain readable.
 */
public final class KvCodec {
  /** The version written. */
  public static final byte VERSION = 1;

  /** Most bytes that a PUT adds to those of its value. */
  public static final int PUT_OVERHEAD_BYTES_MAX = 2 + 1 + 8 + 8 + 2 + KvKey.BYTES_MAX;

  private static final byte PUT = 1;
  private static final byte DELETE = 2;
  private static final byte GET = 3;
  private static final byte LIST = 4;
  private static final int KEY_INFO_BYTES_MIN = 2 + 8 + 4;

  private KvCodec() {}

  /** A command, query or reply was written by a later version of the program. */
  public static final class UnknownVersionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnknownVersionException(String message) {
      super(message);
    }
  }

  /** Encodes a command. */
  public static Buffer encode(KvCommand command) {
    if (command instanceof KvCommand.Put put) {
      return putHead(put.key(), put.condition(), put.storeBytesMax(), put.value().length())
          .appendBuffer(put.value());
    }
    KvCommand.Delete delete = (KvCommand.Delete) command;
    Buffer buffer = Buffer.buffer().appendByte(VERSION);
    appendCondition(buffer.appendByte(DELETE), delete.condition());
    return appendKey(buffer, delete.key());
  }

  /**
   * Everything of a PUT but the value, which is to be appended.
   *
   * @param valueBytes length of the value, for which there will be room without copying
   */
  static Buffer putHead(KvKey key, Condition condition, long storeBytesMax, int valueBytes) {
    Buffer buffer = Buffer.buffer(PUT_OVERHEAD_BYTES_MAX + valueBytes);
    appendCondition(buffer.appendByte(VERSION).appendByte(PUT), condition);
    return appendKey(buffer.appendLong(storeBytesMax), key);
  }

  /**
   * Decodes a command. The value of a PUT shares its bytes with {@code buffer}.
   *
   * @throws UnknownVersionException if a later version wrote it
   * @throws IllegalArgumentException if the bytes are not a command
   */
  public static KvCommand decodeCommand(Buffer buffer) {
    Reader reader = new Reader(buffer);
    reader.version("command");
    byte operation = reader.u8();
    KvCommand command =
        switch (operation) {
          case PUT -> {
            Condition condition = reader.condition();
            long storeBytesMax = reader.u64();
            KvKey key = reader.key();
            yield new KvCommand.Put(key, reader.rest(), condition, storeBytesMax);
          }
          case DELETE -> {
            Condition condition = reader.condition();
            yield new KvCommand.Delete(reader.key(), condition);
          }
          default -> throw new IllegalArgumentException("operation " + operation + " is not known");
        };
    reader.requireEnd();
    return command;
  }

  /** Encodes a query. */
  public static Buffer encode(KvQuery query) {
    Buffer buffer = Buffer.buffer().appendByte(VERSION);
    if (query instanceof KvQuery.Get get) {
      return appendKey(buffer.appendByte(GET), get.key());
    }
    KvQuery.List list = (KvQuery.List) query;
    buffer.appendByte(LIST).appendInt(list.limit());
    return appendKey(appendKey(buffer, list.prefix()), list.after());
  }

  /**
   * Decodes a query.
   *
   * @throws UnknownVersionException if a later version wrote it
   * @throws IllegalArgumentException if the bytes are not a query
   */
  public static KvQuery decodeQuery(Buffer buffer) {
    Reader reader = new Reader(buffer);
    reader.version("query");
    byte operation = reader.u8();
    KvQuery query =
        switch (operation) {
          case GET -> new KvQuery.Get(reader.key());
          case LIST -> {
            int limit = reader.u31();
            KvKey prefix = reader.key();
            yield new KvQuery.List(prefix, reader.key(), limit);
          }
          default -> throw new IllegalArgumentException("operation " + operation + " is not known");
        };
    reader.requireEnd();
    return query;
  }

  /** Encodes a reply. */
  public static Buffer encode(KvReply reply) {
    Buffer buffer = Buffer.buffer(32 + reply.value().length());
    buffer.appendByte(VERSION).appendByte((byte) reply.status().ordinal());
    buffer.appendByte((byte) (reply.more() ? 1 : 0));
    buffer.appendLong(reply.index()).appendLong(reply.term()).appendInt(reply.keys().size());
    for (KeyInfo info : reply.keys()) {
      appendKey(buffer, info.key()).appendLong(info.index()).appendInt(info.bytes());
    }
    return buffer.appendBuffer(reply.value());
  }

  /**
   * Decodes a reply. A value shares its bytes with {@code buffer}.
   *
   * @throws UnknownVersionException if a later version wrote it
   * @throws IllegalArgumentException if the bytes are not a reply
   */
  public static KvReply decodeReply(Buffer buffer) {
    Reader reader = new Reader(buffer);
    reader.version("reply");
    KvReply.Status status = reader.oneOf(KvReply.Status.values());
    boolean more = reader.u8() != 0;
    long index = reader.u64();
    long term = reader.u64();
    int count = reader.u31();
    if (count > buffer.length() / KEY_INFO_BYTES_MIN) {
      throw new IllegalArgumentException("reply claims %d keys".formatted(count));
    }
    List<KeyInfo> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(new KeyInfo(reader.key(), reader.u64(), reader.u31()));
    }
    return new KvReply(status, index, term, reader.rest(), keys, more);
  }

  private static void appendCondition(Buffer buffer, Condition condition) {
    buffer.appendByte((byte) condition.kind().ordinal()).appendLong(condition.index());
  }

  private static Buffer appendKey(Buffer buffer, KvKey key) {
    return buffer.appendUnsignedShort(key.bytes()).appendBytes(key.utf8());
  }

  /** Reads from the front; every shortage is an {@link IllegalArgumentException}. */
  private static final class Reader {
    private final Buffer buffer;
    private int position;

    Reader(Buffer buffer) {
      this.buffer = buffer;
    }

    void version(String what) {
      byte version = u8();
      if (version != VERSION) {
        throw new UnknownVersionException(
            "%s has format version %d, this program knows %d; run the newer program on this member"
                .formatted(what, version, VERSION));
      }
    }

    byte u8() {
      return buffer.getByte(advance(1));
    }

    long u64() {
      return buffer.getLong(advance(8));
    }

    int u31() {
      int value = buffer.getInt(advance(4));
      if (value < 0) {
        throw new IllegalArgumentException("number " + value + " is negative");
      }
      return value;
    }

    Condition condition() {
      Condition.Kind kind = oneOf(Condition.Kind.values());
      return new Condition(kind, u64());
    }

    <E extends Enum<E>> E oneOf(E[] values) {
      byte code = u8();
      if (code < 0 || code >= values.length) {
        throw new IllegalArgumentException(
            "code %d is not one of 0 to %d".formatted(code, values.length - 1));
      }
      return values[code];
    }

    KvKey key() {
      int length = buffer.getUnsignedShort(advance(2));
      int start = advance(length);
      return KvKey.ofUtf8(buffer.getBytes(start, start + length));
    }

    /** What is left, not copied. */
    Buffer rest() {
      int start = advance(buffer.length() - position);
      return buffer.slice(start, buffer.length());
    }

    void requireEnd() {
      if (position != buffer.length()) {
        throw new IllegalArgumentException((buffer.length() - position) + " bytes follow the end");
      }
    }

    private int advance(int bytes) {
      int start = position;
      if (buffer.length() - start < bytes) {
        throw new IllegalArgumentException(
            "%d bytes end within a field at %d".formatted(buffer.length(), start));
      }
      position = start + bytes;
      return start;
    }
  }
}
