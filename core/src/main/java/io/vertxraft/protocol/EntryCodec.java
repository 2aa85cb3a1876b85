package io.vertxraft.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Encodes and decodes the entries of one group.
 *
 * <p>Format, version 1, all numbers big-endian:
 *
 * <pre>
 *  0  u8   format version (1)
 *  1  u8   entry type
 *  2  u16  header length: offset of the payload; a later version may append header fields,
 *          which readers of this version carry along unread
 *  4  u32  CRC32C over group id, index, term, type, further header fields and payload
 *  8  u64  index
 * 16  u64  term
 * 24       payload
 * </pre>
 *
 * <p>The group id is part of the checksum but not of the bytes: an entry that strays into another
 * group's log does not verify there. Instances are confined to one thread.
 */
public final class EntryCodec {
  /** Format version written by this codec. */
  public static final byte VERSION = 1;

  /** Bytes that precede the payload in the current format. */
  public static final int HEADER_BYTES = 24;

  private static final int TYPE_AT = 1;
  private static final int HEADER_LENGTH_AT = 2;
  private static final int CRC_AT = 4;
  private static final int INDEX_AT = 8;
  private static final int TERM_AT = 16;

  private final byte[] groupId;
  private final CRC32C crc = new CRC32C();

  /** A codec for the entries of the group {@code groupId}. */
  public EntryCodec(String groupId) {
    this.groupId = groupId.getBytes(StandardCharsets.UTF_8);
  }

  /** Encodes a new entry with the given payload. */
  public LogEntry encode(long index, long term, EntryType type, byte[] payload) {
    byte[] bytes = allocate(payload.length);
    System.arraycopy(payload, 0, bytes, HEADER_BYTES, payload.length);
    return seal(bytes, index, term, type);
  }

  /**
   * A fresh array with room for the header and {@code payloadBytes} of payload, which the caller
   * copies in at {@link #HEADER_BYTES} before {@link #seal}: saves one copy of the payload. It is
   * marked as a command.
   */
  public static byte[] allocate(int payloadBytes) {
    return allocate(payloadBytes, EntryType.COMMAND);
  }

  /** {@link #allocate(int)}, for an entry of another type. */
  public static byte[] allocate(int payloadBytes, EntryType type) {
    byte[] bytes = new byte[HEADER_BYTES + payloadBytes];
    bytes[TYPE_AT] = type.code();
    return bytes;
  }

  /** The type that an array from {@link #allocate(int, EntryType)} is marked with. */
  public static EntryType typeOf(byte[] allocated) {
    return EntryType.ofCode(allocated[TYPE_AT]);
  }

  /** Writes the header of an array obtained from {@link #allocate} and takes ownership of it. */
  public LogEntry seal(byte[] bytes, long index, long term, EntryType type) {
    bytes[0] = VERSION;
    bytes[TYPE_AT] = type.code();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.putShort(HEADER_LENGTH_AT, (short) HEADER_BYTES);
    buffer.putLong(INDEX_AT, index);
    buffer.putLong(TERM_AT, term);
    buffer.putInt(CRC_AT, checksum(bytes, 0, bytes.length));
    return new LogEntry(bytes, index, term, type, HEADER_BYTES);
  }

  /**
   * Decodes an entry and verifies its checksum. Takes ownership of {@code bytes}.
   *
   * @throws CorruptEntryException if the bytes are not an intact entry of this group
   */
  public LogEntry decode(byte[] bytes) {
    verify(bytes, 0, bytes.length);
    return new LogEntry(
        bytes,
        index(bytes, 0),
        term(bytes, 0),
        EntryType.ofCode(bytes[TYPE_AT]),
        unsignedShort(bytes, HEADER_LENGTH_AT));
  }

  /**
   * Verifies an entry where it stands among other bytes, which costs no copy.
   *
   * @param from where the entry begins
   * @param length how long it is
   * @throws CorruptEntryException if the bytes are not an intact entry of this group
   */
  public void verify(byte[] bytes, int from, int length) {
    if (length < HEADER_BYTES) {
      throw new CorruptEntryException("entry of " + length + " bytes is shorter than its header");
    }
    if (bytes[from] != VERSION) {
      throw new CorruptEntryException("entry format version " + bytes[from] + " is not known");
    }
    int headerLength = unsignedShort(bytes, from + HEADER_LENGTH_AT);
    if (headerLength < HEADER_BYTES || headerLength > length) {
      throw new CorruptEntryException("entry header length " + headerLength + " is out of range");
    }
    int expected = (int) number(bytes, from + CRC_AT, Integer.BYTES);
    int actual = checksum(bytes, from, length);
    if (expected != actual) {
      throw new CorruptEntryException(
          "entry checksum mismatch: stored %08x, computed %08x, claimed index %d"
              .formatted(expected, actual, index(bytes, from)));
    }
    EntryType unused = EntryType.ofCode(bytes[from + TYPE_AT]);
  }

  /** Index of the entry that begins at {@code from} and has been verified. */
  public static long index(byte[] bytes, int from) {
    return number(bytes, from + INDEX_AT, Long.BYTES);
  }

  /** Term of the entry that begins at {@code from} and has been verified. */
  public static long term(byte[] bytes, int from) {
    return number(bytes, from + TERM_AT, Long.BYTES);
  }

  private static int unsignedShort(byte[] bytes, int at) {
    return (int) number(bytes, at, Short.BYTES);
  }

  /** A big-endian number; by hand, for this runs a million times before it has been compiled. */
  private static long number(byte[] bytes, int at, int count) {
    long number = 0;
    for (int i = at; i < at + count; i++) {
      number = number << 8 | (bytes[i] & 0xff);
    }
    return number;
  }

  private int checksum(byte[] bytes, int from, int length) {
    crc.reset();
    crc.update(groupId);
    crc.update(bytes, from, CRC_AT);
    crc.update(bytes, from + INDEX_AT, length - INDEX_AT);
    return (int) crc.getValue();
  }
}
