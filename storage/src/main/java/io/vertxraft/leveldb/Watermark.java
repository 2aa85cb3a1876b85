package io.vertxraft.leveldb;

import io.vertxraft.leveldb.Witness.Mark;
import io.vertxraft.leveldb.Witness.Promise;
import io.vertxraft.protocol.HardState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * What was promised and acknowledged in each group, kept outside LevelDB. LevelDB opens without
 * complaint when its log has been deleted or cut between two records; only a witness outside can
 * tell. And a member whose log is gone may go on only if its term and vote are not.
 *
 * <p>Each group has four sectors of 512 bytes. Two hold its <b>promise</b> (term and vote), written
 * in turn and synced before the acknowledgement whenever they change, so that it is exact whatever
 * happens to the other sectors or the database. Two hold its <b>mark</b> (what was acknowledged),
 * written in turn after each synced batch and before its acknowledgements, but not synced: a mark
 * survives the death of the process, and after a power cut it may be older, which is still a lower
 * bound. While there are writes the file is synced once a second, so that a mark is seldom much
 * older. It counts every change of the group but appends, truncations included, so that a
 * truncation needs no lowering of the mark; between two changes the log only grows.
 *
 * <pre>
 *   promise                                  mark
 *   0   u32  'RHS' 1                         0   u32  'RMK' 1
 *   4   u32  group number                    4   u32  group number
 *   8   u64  sequence of the change          8   u64  sequence of the last change
 *   16  u64  term                            16  u64  last index
 *   24  u8   length and bytes of group id    24  u64  term of the last entry
 *   96  u8   length and bytes of votedFor,   32       zeros
 *            length 255 for none
 *   508 u32  CRC32C over all before          508 u32  CRC32C over all before
 * </pre>
 */
final class Watermark implements AutoCloseable {
  /** Most bytes of a group id or a vote. */
  static final int ID_BYTES_MAX = 64;

  private static final int PROMISE_MAGIC = 0x52485301;
  private static final int MARK_MAGIC = 0x524d4b01;
  private static final int SECTOR_BYTES = 512;
  private static final int SECTORS_PER_GROUP = 4;
  private static final int CRC_AT = 508;
  private static final int GROUP_ID_AT = 24;
  private static final int VOTE_AT = 96;
  private static final int NO_VOTE = 255;
  private static final long SYNC_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final FileChannel channel;
  private final Map<Integer, Integer> promiseTurns = new HashMap<>();
  private final Map<Integer, Integer> markTurns = new HashMap<>();
  private boolean unsynced;
  private long lastSyncNanos;

  private Watermark(FileChannel channel, long nowNanos) {
    this.channel = channel;
    this.lastSyncNanos = nowNanos;
  }

  /** What the file says, by group number; nothing if there is no file. Changes nothing. */
  static Map<Integer, Witness> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new TreeMap<>();
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new Watermark(channel, 0).load();
    }
  }

  /**
   * Opens the file for writing.
   *
   * @param nowNanos time on the clock of {@link #syncIfDue}
   */
  static Watermark open(Path file, long nowNanos) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      Watermark watermark = new Watermark(channel, nowNanos);
      watermark.load();
      return watermark;
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  private Map<Integer, Witness> load() throws IOException {
    Map<Integer, Witness> witnesses = new TreeMap<>();
    long sectors = (channel.size() + SECTOR_BYTES - 1) / SECTOR_BYTES;
    int groups = (int) ((sectors + SECTORS_PER_GROUP - 1) / SECTORS_PER_GROUP);
    for (int group = 1; group <= groups; group++) {
      Promise promise = null;
      Mark mark = null;
      for (int turn = 0; turn < 2; turn++) {
        Promise promiseHere = promise(sector(group, turn, PROMISE_MAGIC));
        if (promiseHere != null
            && (promise == null || promise.sequence() <= promiseHere.sequence())) {
          promise = promiseHere;
          promiseTurns.put(group, 1 - turn);
        }
        Mark markHere = mark(sector(group, 2 + turn, MARK_MAGIC));
        if (markHere != null && (mark == null || !markHere.isBefore(mark))) {
          mark = markHere;
          markTurns.put(group, 1 - turn);
        }
      }
      if (promise != null || mark != null) {
        witnesses.put(group, new Witness(promise, mark));
      }
    }
    return witnesses;
  }

  /** A sector, or null if it is not intact. */
  private ByteBuffer sector(int group, int sector, int magic) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SECTOR_BYTES);
    long at = position(group, sector);
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
      // A read may return less than was asked for.
    }
    boolean intact =
        !bytes.hasRemaining()
            && bytes.getInt(0) == magic
            && bytes.getInt(4) == group
            && bytes.getInt(CRC_AT) == checksum(bytes.array());
    return intact ? bytes : null;
  }

  private static Promise promise(ByteBuffer sector) {
    return sector == null
        ? null
        : new Promise(
            id(sector, GROUP_ID_AT),
            sector.getLong(8),
            new HardState(sector.getLong(16), id(sector, VOTE_AT)));
  }

  private static Mark mark(ByteBuffer sector) {
    return sector == null
        ? null
        : new Mark(sector.getLong(8), sector.getLong(16), sector.getLong(24));
  }

  private static String id(ByteBuffer sector, int at) {
    int length = Byte.toUnsignedInt(sector.get(at));
    return length == NO_VOTE
        ? null
        : new String(
            sector.array(), at + 1, Math.min(length, ID_BYTES_MAX), StandardCharsets.UTF_8);
  }

  /** Replaces the promise of a group. Exact only once {@link #sync} has returned. */
  void promise(int group, Promise promise) throws IOException {
    ByteBuffer sector = ByteBuffer.allocate(SECTOR_BYTES);
    sector.putInt(PROMISE_MAGIC).putInt(group).putLong(promise.sequence());
    sector.putLong(promise.hardState().term());
    putId(sector, GROUP_ID_AT, promise.groupId());
    putId(sector, VOTE_AT, promise.hardState().votedFor());
    int turn = promiseTurns.getOrDefault(group, 0);
    write(sector, group, turn);
    promiseTurns.put(group, 1 - turn);
  }

  private static void putId(ByteBuffer sector, int at, String id) {
    byte[] bytes = id == null ? new byte[0] : id.getBytes(StandardCharsets.UTF_8);
    sector.position(at).put((byte) (id == null ? NO_VOTE : bytes.length)).put(bytes);
  }

  /** Replaces the mark of a group, unsynced. */
  void mark(int group, Mark mark) throws IOException {
    ByteBuffer sector = ByteBuffer.allocate(SECTOR_BYTES);
    sector.putInt(MARK_MAGIC).putInt(group).putLong(mark.sequence());
    sector.putLong(mark.last()).putLong(mark.lastTerm());
    int turn = markTurns.getOrDefault(group, 0);
    write(sector, group, 2 + turn);
    markTurns.put(group, 1 - turn);
  }

  private void write(ByteBuffer sector, int group, int number) throws IOException {
    sector.putInt(CRC_AT, checksum(sector.array()));
    sector.clear();
    long at = position(group, number);
    while (sector.hasRemaining()) {
      channel.write(sector, at + sector.position());
    }
    unsynced = true;
  }

  private static long position(int group, int sector) {
    return ((group - 1L) * SECTORS_PER_GROUP + sector) * SECTOR_BYTES;
  }

  /** Makes everything written so far durable. */
  void sync() throws IOException {
    channel.force(false);
    unsynced = false;
  }

  /**
   * Makes all marks durable if there are new ones and a second has passed since this was done last.
   *
   * @param nowNanos time on a monotonic clock
   * @return whether it was done
   */
  boolean syncIfDue(long nowNanos) throws IOException {
    if (!unsynced || nowNanos - lastSyncNanos < SYNC_INTERVAL_NANOS) {
      return false;
    }
    sync();
    lastSyncNanos = nowNanos;
    return true;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      channel.force(true);
    }
  }

  private static int checksum(byte[] sector) {
    CRC32C crc = new CRC32C();
    crc.update(sector, 0, CRC_AT);
    return (int) crc.getValue();
  }
}
