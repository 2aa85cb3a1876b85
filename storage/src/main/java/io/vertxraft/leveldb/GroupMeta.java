package io.vertxraft.leveldb;

import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.HardState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * What the database says about a group: hard state and log bounds, written in the same batch as the
 * entries it describes.
 *
 * <pre>
 *  0  u8   format version (1)
 *  1  u8   reserved, 0
 *  2  u16  length of votedFor in bytes, 0xFFFF for none
 *  4  u32  CRC32C over group id and everything but this field
 *  8  u64  sequence
 * 16  u64  term
 * 24  u64  first index
 * 32  u64  last index, first - 1 if the log is empty
 * 40  u64  term of the last entry, or prevTerm if the log is empty
 * 48  u64  prevTerm: term of the entry before the first
 * 56       votedFor, UTF-8
 * </pre>
 *
 * @param sequence counts the writes of the group; a lower one than was acknowledged means that
 *     writes are missing, whatever they held
 */
record GroupMeta(
    long sequence, HardState hardState, long first, long last, long lastTerm, long prevTerm) {
  static final GroupMeta EMPTY = new GroupMeta(0, HardState.INITIAL, 1, 0, 0, 0);

  private static final byte VERSION = 1;

  /** Length of a record without its vote. */
  static final int FIXED_BYTES = 56;

  private static final int CRC_AT = 4;
  private static final int BODY_AT = 8;
  private static final int NO_VOTE = 0xFFFF;

  byte[] encode(String groupId) {
    byte[] vote =
        hardState.votedFor() == null
            ? new byte[0]
            : hardState.votedFor().getBytes(StandardCharsets.UTF_8);
    if (vote.length >= NO_VOTE) {
      throw new IllegalArgumentException("votedFor has " + vote.length + " bytes: use a node id");
    }
    ByteBuffer buffer = ByteBuffer.allocate(FIXED_BYTES + vote.length);
    buffer.put(VERSION).put((byte) 0);
    buffer.putShort((short) (hardState.votedFor() == null ? NO_VOTE : vote.length));
    buffer.putInt(0);
    buffer.putLong(sequence).putLong(hardState.term()).putLong(first).putLong(last);
    buffer.putLong(lastTerm).putLong(prevTerm).put(vote);
    buffer.putInt(CRC_AT, checksum(groupId, buffer.array()));
    return buffer.array();
  }

  /**
   * Decodes a record.
   *
   * @throws CorruptEntryException if it is not an intact record of this group
   */
  static GroupMeta decode(String groupId, byte[] bytes) {
    if (bytes.length < FIXED_BYTES) {
      throw new CorruptEntryException(
          "meta record of %d bytes is shorter than %d".formatted(bytes.length, FIXED_BYTES));
    }
    if (bytes[0] != VERSION) {
      throw new CorruptEntryException("meta record format version " + bytes[0] + " is not known");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int expected = buffer.getInt(CRC_AT);
    int actual = checksum(groupId, bytes);
    if (expected != actual) {
      throw new CorruptEntryException(
          "meta record checksum mismatch: stored %08x, computed %08x".formatted(expected, actual));
    }
    int voteBytes = Short.toUnsignedInt(buffer.getShort(2));
    if (voteBytes != NO_VOTE && voteBytes != bytes.length - FIXED_BYTES) {
      throw new CorruptEntryException("meta record vote length " + voteBytes + " is out of range");
    }
    String vote =
        voteBytes == NO_VOTE
            ? null
            : new String(bytes, FIXED_BYTES, voteBytes, StandardCharsets.UTF_8);
    buffer.position(BODY_AT);
    long sequence = buffer.getLong();
    HardState hardState = new HardState(buffer.getLong(), vote);
    return new GroupMeta(
        sequence,
        hardState,
        buffer.getLong(),
        buffer.getLong(),
        buffer.getLong(),
        buffer.getLong());
  }

  private static int checksum(String groupId, byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(groupId.getBytes(StandardCharsets.UTF_8));
    crc.update(bytes, 0, CRC_AT);
    crc.update(bytes, BODY_AT, bytes.length - BODY_AT);
    return (int) crc.getValue();
  }
}
