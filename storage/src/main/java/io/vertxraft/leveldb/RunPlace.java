package io.vertxraft.leveldb;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Where a long run stands in the {@link Journal}. The database has this in the place of the run, so
 * that what the journal has written and synced is not written again, into a log and a table of
 * LevelDB.
 *
 * <pre>
 *  0  u8   format version (2, which no {@linkplain Runs run} begins with)
 *  1  u64  number of the segment
 *  9  u32  offset of the run in it
 * 13  u32  its length
 * 17  u32  CRC32C over it
 * </pre>
 *
 * <p>The checksum only tells a run from what stands in a segment that has been used again since; it
 * is the entries that say whether they are intact.
 *
 * @param segment number of the segment
 * @param at offset in bytes
 * @param length in bytes
 * @param checksum of the run
 */
record RunPlace(long segment, int at, int length, int checksum) {
  private static final byte VERSION = 2;
  private static final int BYTES = 21;

  static RunPlace of(byte[] run, long segment, long at) {
    return new RunPlace(segment, Math.toIntExact(at), run.length, checksum(run));
  }

  /** Whether a record of the database is a place. */
  static boolean is(byte[] key, byte[] value) {
    return Keys.isType(key, Keys.RUN) && value.length == BYTES && value[0] == VERSION;
  }

  /** Reads what {@link #is} a place. */
  static RunPlace decode(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value, 1, BYTES - 1);
    return new RunPlace(bytes.getLong(), bytes.getInt(), bytes.getInt(), bytes.getInt());
  }

  byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put(VERSION)
        .putLong(segment)
        .putInt(at)
        .putInt(length)
        .putInt(checksum)
        .array();
  }

  /** Whether this is what was written at the place. */
  boolean holds(byte[] run) {
    return checksum(run) == checksum;
  }

  private static int checksum(byte[] run) {
    CRC32C crc = new CRC32C();
    crc.update(run);
    return (int) crc.getValue();
  }
}
