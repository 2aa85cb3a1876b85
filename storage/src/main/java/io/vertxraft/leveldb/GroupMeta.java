package io.vertxraft.leveldb;

import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.HardState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What the database says about a group: hard state and log bounds. The record is written, in the
 * same batch as the entries it describes, whenever anything but the end of the log changes. A batch
 * that only appends does not write it: after such batches the log goes on behind the last index
 * that the record tells, up to where its runs end.
 *
 * <pre>
 *  0  u8   format version (2)
 *  1  u8   1 if the log is damaged, else 0
 *  2  u16  length of votedFor in bytes, 0xFFFF for none
 *  4  u32  CRC32C over group id and everything but this field
 *  8  u64  sequence of the record
 * 16  u64  term
 * 24  u64  first index
 * 32  u64  last index when this was written, first - 1 if the log was empty
 * 40  u64  term of that entry, or prevTerm if the log was empty
 * 48  u64  prevTerm: term of the entry before the first
 * 56  u64  index below which every run has been deleted
 * 64       votedFor, UTF-8
 * </pre>
 *
 * @param sequence counts the changes of the group that were more than appends; a lower one than was
 *     acknowledged means that changes are missing, whatever they held. Between two changes the log
 *     only grows
 * @param clearedTo the runs that begin below are gone, so that nobody has to look for them among
 *     what the database remembers of deleted keys
 * @param damaged whether acknowledged entries may be missing and have not been replaced yet
 */
record GroupMeta(
    long sequence,
    HardState hardState,
    long first,
    long last,
    long lastTerm,
    long prevTerm,
    long clearedTo,
    boolean damaged) {
  static final GroupMeta EMPTY = new GroupMeta(0, HardState.INITIAL, 1, 0, 0, 0, 1, false);

  /**
   * In the place of a record whose term and vote were found not to be certain: the next start,
   * which may find nothing else wrong, must not believe them either.
   */
  static final byte[] REVOKED = {0};

  /** What is said about {@link #REVOKED}. */
  static final String REVOCATION = "its term and vote were not certain at an earlier start";

  /** Length of a record without its vote. */
  static final int FIXED_BYTES = 64;

  private static final byte VERSION = 2;
  private static final int CRC_AT = 4;
  private static final int BODY_AT = 8;
  private static final int NO_VOTE = 0xFFFF;

  GroupMeta withClearedTo(long index) {
    return new GroupMeta(sequence, hardState, first, last, lastTerm, prevTerm, index, damaged);
  }

  /** After entries were appended. */
  GroupMeta grown(long nextLast, long nextLastTerm) {
    return new GroupMeta(
        sequence, hardState, first, nextLast, nextLastTerm, prevTerm, clearedTo, damaged);
  }

  /** After a change that is more than an append. */
  GroupMeta next(
      HardState nextHardState,
      long nextFirst,
      long nextLast,
      long nextLastTerm,
      long nextPrevTerm,
      boolean nextDamaged) {
    return new GroupMeta(
        sequence + 1,
        nextHardState,
        nextFirst,
        nextLast,
        nextLastTerm,
        nextPrevTerm,
        clearedTo,
        nextDamaged);
  }

  byte[] encode(String groupId) {
    String votedFor = hardState.votedFor();
    byte[] vote = votedFor == null ? new byte[0] : votedFor.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(FIXED_BYTES + vote.length);
    buffer.put(VERSION).put((byte) (damaged ? 1 : 0));
    buffer.putShort((short) (votedFor == null ? NO_VOTE : vote.length));
    buffer.putInt(0);
    buffer.putLong(sequence).putLong(hardState.term()).putLong(first).putLong(last);
    buffer.putLong(lastTerm).putLong(prevTerm).putLong(clearedTo).put(vote);
    buffer.putInt(CRC_AT, checksum(groupId, buffer.array()));
    return buffer.array();
  }

  /**
   * Decodes a record.
   *
   * @throws CorruptEntryException if it is not an intact record of this group
   */
  static GroupMeta decode(String groupId, byte[] bytes) {
    if (Arrays.equals(bytes, REVOKED)) {
      throw new CorruptEntryException(REVOCATION);
    }
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
        buffer.getLong(),
        buffer.getLong(),
        bytes[1] != 0);
  }

  private static int checksum(String groupId, byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(groupId.getBytes(StandardCharsets.UTF_8));
    crc.update(bytes, 0, CRC_AT);
    crc.update(bytes, BODY_AT, bytes.length - BODY_AT);
    return (int) crc.getValue();
  }
}
