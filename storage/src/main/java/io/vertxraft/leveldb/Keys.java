package io.vertxraft.leveldb;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Keys of the database: {@code [u8 type][u32 group number][u64 index]}, big-endian, so that the
 * default bytewise order is the order of the log.
 *
 * <p>Runs come last, and a batch that only appends writes nothing else: then each table that
 * LevelDB flushes begins where the one before ended, overlaps none, and is never merged with
 * another. A record written with every batch would make all tables overlap.
 */
final class Keys {
  /** Which group id a group number stands for, at index 0. */
  static final byte GROUP = 1;

  /** One {@link GroupMeta} per group, at index 0. */
  static final byte META = 2;

  /** {@linkplain Runs Runs} of log entries, by the index of the first. */
  static final byte RUN = 3;

  /** Length of every key. */
  static final int BYTES = 13;

  private static final int GROUP_AT = 1;
  private static final int INDEX_AT = 5;

  private Keys() {}

  static byte[] of(byte type, int group, long index) {
    return ByteBuffer.allocate(BYTES).put(type).putInt(group).putLong(index).array();
  }

  static boolean matches(byte[] key, byte type, int group) {
    return isType(key, type) && group(key) == group;
  }

  /** Whether a key comes before all keys of a type and group. */
  static boolean isBefore(byte[] key, byte type, int group) {
    return Arrays.compareUnsigned(key, of(type, group, 0)) < 0;
  }

  static boolean isType(byte[] key, byte type) {
    return key.length == BYTES && key[0] == type;
  }

  /** Whether two keys differ by their index alone. */
  static boolean isSameLog(byte[] key, byte[] other) {
    return Arrays.equals(key, 0, INDEX_AT, other, 0, INDEX_AT);
  }

  static int group(byte[] key) {
    return ByteBuffer.wrap(key).getInt(GROUP_AT);
  }

  static long index(byte[] key) {
    return ByteBuffer.wrap(key).getLong(INDEX_AT);
  }
}
