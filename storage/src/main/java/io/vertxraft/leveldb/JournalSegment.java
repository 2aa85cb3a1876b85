package io.vertxraft.leveldb;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A file of the {@link Journal}: a header of 512 bytes, then records one after the other, then
 * whatever an earlier use of the file has left.
 *
 * <pre>
 * header, big-endian                                  record, big-endian
 *  0  u32  magic                                       0  u32  CRC32C over generation, number
 *  4  u32  format version (1)                                  and everything behind this field
 *  8  u64  generation                                  4  u32  length of the changes in bytes
 * 16  u64  number                                      8  u64  sequence number before the changes
 * 24  u64  sequence number before the first record    16  u32  number of changes
 * 32  u64  what LevelDB holds durably for certain     20       the {@link Changes}
 * 40  u64  newest log of LevelDB with some of that
 * 48  u32  CRC32C over all of this
 * </pre>
 *
 * <p>Sequence numbers are LevelDB's own: it counts the changes that it is given, and each of them
 * is in the journal before.
 *
 * @param generation rises with each {@linkplain Journal#restart new beginning}, so that nothing of
 *     an earlier one is taken for a part of this
 * @param number of the segment: the segments of a generation have numbers that follow each other,
 *     and those of later generations have higher ones
 * @param start sequence number of the last change before this segment
 * @param durable up to this sequence number all changes are durable in LevelDB
 * @param durableLog number of the newest log of LevelDB that may hold some of those; the later ones
 *     hold later changes only
 */
record JournalSegment(long generation, long number, long start, long durable, long durableLog) {
  /**
   * Newest segments of a generation of which the database may lack changes; older ones are there
   * for the long runs in them alone.
   */
  static final int RECENT = 4;

  static final int HEADER_BYTES = 512;
  static final int RECORD_HEADER_BYTES = 20;
  static final int LENGTH_AT = 4;
  static final int SEQUENCE_AT = 8;
  static final int COUNT_AT = 16;

  private static final int MAGIC = 0x524a5301;
  private static final int VERSION = 1;
  private static final int CRC_AT = 48;

  ByteBuffer encode() {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putInt(MAGIC).putInt(VERSION).putLong(generation).putLong(number);
    header.putLong(start).putLong(durable).putLong(durableLog);
    header.putInt(CRC_AT, headerChecksum(header.array()));
    return header.clear();
  }

  /** Reads a header; null if it is none, or not intact. */
  static JournalSegment decode(byte[] file) {
    if (file.length < HEADER_BYTES) {
      return null;
    }
    ByteBuffer header = ByteBuffer.wrap(file);
    if (header.getInt() != MAGIC
        || header.getInt() != VERSION
        || header.getInt(CRC_AT) != headerChecksum(file)) {
      return null;
    }
    return new JournalSegment(
        header.getLong(), header.getLong(), header.getLong(), header.getLong(), header.getLong());
  }

  private static int headerChecksum(byte[] header) {
    CRC32C crc = new CRC32C();
    crc.update(header, 0, CRC_AT);
    return (int) crc.getValue();
  }

  /** A checksum to which everything of a record behind its own has to be added. */
  CRC32C recordChecksum() {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(2 * Long.BYTES).putLong(generation).putLong(number).flip());
    return crc;
  }
}
