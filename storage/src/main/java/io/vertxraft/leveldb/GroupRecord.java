package io.vertxraft.leveldb;

import io.vertxraft.protocol.CorruptEntryException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The record that gives a group its number: {@code [u8 version][u32 CRC32C][group id]}, the
 * checksum over the number too.
 */
final class GroupRecord {
  private static final byte VERSION = 1;
  private static final int HEADER_BYTES = 5;

  private GroupRecord() {}

  static byte[] encode(int number, String groupId) {
    byte[] id = groupId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEADER_BYTES + id.length)
        .put(VERSION)
        .putInt(checksum(number, id))
        .put(id)
        .array();
  }

  /**
   * The group's id.
   *
   * @throws CorruptEntryException if the record is not intact
   */
  static String decode(int number, byte[] bytes) {
    if (bytes.length > HEADER_BYTES && bytes[0] == VERSION) {
      byte[] id = new byte[bytes.length - HEADER_BYTES];
      ByteBuffer.wrap(bytes).position(HEADER_BYTES).get(id);
      if (ByteBuffer.wrap(bytes).getInt(1) == checksum(number, id)) {
        return new String(id, StandardCharsets.UTF_8);
      }
    }
    throw new CorruptEntryException(
        "the record of group number %d is not intact".formatted(number));
  }

  private static int checksum(int number, byte[] id) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, number));
    crc.update(id);
    return (int) crc.getValue();
  }
}
