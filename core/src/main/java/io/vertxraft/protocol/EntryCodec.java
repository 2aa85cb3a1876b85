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
   * copies in at {@link #HEADER_BYTES} before {@link #seal}: saves one copy of the payload.
   */
  public static byte[] allocate(int payloadBytes) {
    return new byte[HEADER_BYTES + payloadBytes];
  }

  /** Writes the header of an array obtained from {@link #allocate} and takes ownership of it. */
  public LogEntry seal(byte[] bytes, long index, long term, EntryType type) {
    bytes[0] = VERSION;
    bytes[TYPE_AT] = type.code();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.putShort(HEADER_LENGTH_AT, (short) HEADER_BYTES);
    buffer.putLong(INDEX_AT, index);
    buffer.putLong(TERM_AT, term);
    buffer.putInt(CRC_AT, checksum(bytes));
    return new LogEntry(bytes, index, term, type, HEADER_BYTES);
  }

  /**
   * Decodes an entry and verifies its checksum. Takes ownership of {@code bytes}.
   *
   * @throws CorruptEntryException if the bytes are not an intact entry of this group
   */
  public LogEntry decode(byte[] bytes) {
    if (bytes.length < HEADER_BYTES) {
      throw new CorruptEntryException(
          "entry of " + bytes.length + " bytes is shorter than its header");
    }
    if (bytes[0] != VERSION) {
      throw new CorruptEntryException("entry format version " + bytes[0] + " is not known");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int headerLength = Short.toUnsignedInt(buffer.getShort(HEADER_LENGTH_AT));
    if (headerLength < HEADER_BYTES || headerLength > bytes.length) {
      throw new CorruptEntryException("entry header length " + headerLength + " is out of range");
    }
    int expected = buffer.getInt(CRC_AT);
    int actual = checksum(bytes);
    if (expected != actual) {
      throw new CorruptEntryException(
          "entry checksum mismatch: stored %08x, computed %08x, claimed index %d"
              .formatted(expected, actual, buffer.getLong(INDEX_AT)));
    }
    EntryType type = EntryType.ofCode(bytes[TYPE_AT]);
    return new LogEntry(
        bytes, buffer.getLong(INDEX_AT), buffer.getLong(TERM_AT), type, headerLength);
  }

  private int checksum(byte[] bytes) {
    crc.reset();
    crc.update(groupId);
    crc.update(bytes, 0, CRC_AT);
    crc.update(bytes, INDEX_AT, bytes.length - INDEX_AT);
    return (int) crc.getValue();
  }
}
