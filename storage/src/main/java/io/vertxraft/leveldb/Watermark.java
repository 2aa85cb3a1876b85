package io.vertxraft.leveldb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * A lower bound, kept outside LevelDB, of what has been acknowledged in each group. LevelDB opens
 * without complaint when its log has been deleted or cut between two records; only a witness
 * outside can tell.
 *
 * <p>Per group there are two slots of 64 bytes, written in turn, so that a torn write leaves the
 * other one. A slot is written after each synced batch and before its acknowledgements, but not
 * synced itself: it survives the death of the process, and after a power cut the mark may be older,
 * which is still a lower bound. While there are writes the file is synced once a second, so that
 * the mark is seldom much older. The sequence counts every write of the group, truncations and
 * votes included, so a truncation needs no lowering of the mark.
 *
 * <pre>
 *  0  u32  magic and version
 *  4  u32  group number
 *  8  u64  sequence of the last acknowledged write
 * 16  u64  term
 * 24  u64  last index
 * 32  u64  term of the last entry
 * 40       zeros
 * 60  u32  CRC32C over the bytes before
 * </pre>
 */
final class Watermark implements AutoCloseable {
  /** What was acknowledged. */
  record Mark(long sequence, long term, long last, long lastTerm) {
    static Mark of(GroupMeta meta) {
      return new Mark(meta.sequence(), meta.hardState().term(), meta.last(), meta.lastTerm());
    }
  }

  private static final int MAGIC = 0x52574D01;
  private static final int SLOT_BYTES = 64;
  private static final int CRC_AT = 60;
  private static final long SYNC_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final FileChannel channel;
  private final Map<Integer, Mark> found = new TreeMap<>();
  private final Map<Integer, Integer> nextSlot = new HashMap<>();
  private boolean unsynced;
  private long lastSyncNanos;

  private Watermark(FileChannel channel, long nowNanos) {
    this.channel = channel;
    this.lastSyncNanos = nowNanos;
  }

  /**
   * Opens the file.
   *
   * @param create whether the storage is being created, so that the file may be missing
   * @param nowNanos time on the clock of {@link #syncIfDue}
   */
  static Watermark open(Path home, Path file, boolean create, long nowNanos) throws IOException {
    if (!create && !Files.exists(file)) {
      throw StorageErrors.corrupt(
          home, "the file 'watermark', which tells what was acknowledged, is missing");
    }
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

  private void load() throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
    long slots = channel.size() / SLOT_BYTES;
    for (long at = 0; at < slots; at++) {
      slot.clear();
      while (slot.hasRemaining() && channel.read(slot, at * SLOT_BYTES + slot.position()) >= 0) {
        // A read may return less than was asked for.
      }
      int group = (int) (at / 2) + 1;
      if (slot.hasRemaining() || !intact(slot, group)) {
        continue;
      }
      Mark mark = new Mark(slot.getLong(8), slot.getLong(16), slot.getLong(24), slot.getLong(32));
      Mark other = found.get(group);
      if (other == null || other.sequence() < mark.sequence()) {
        found.put(group, mark);
        nextSlot.put(group, at % 2 == 0 ? 1 : 0);
      }
    }
  }

  private static boolean intact(ByteBuffer slot, int group) {
    return slot.getInt(0) == MAGIC
        && slot.getInt(4) == group
        && slot.getInt(CRC_AT) == checksum(slot.array());
  }

  /** The marks found when the file was opened, by group number. */
  Map<Integer, Mark> found() {
    return found;
  }

  /** Replaces the mark of a group, unsynced. */
  void advance(int group, Mark mark) throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
    slot.putInt(MAGIC).putInt(group).putLong(mark.sequence()).putLong(mark.term());
    slot.putLong(mark.last()).putLong(mark.lastTerm());
    slot.putInt(CRC_AT, checksum(slot.array()));
    slot.clear();
    int turn = nextSlot.getOrDefault(group, 0);
    long at = ((group - 1) * 2L + turn) * SLOT_BYTES;
    while (slot.hasRemaining()) {
      channel.write(slot, at + slot.position());
    }
    nextSlot.put(group, 1 - turn);
    unsynced = true;
  }

  /** Makes all marks durable. */
  void sync() throws IOException {
    channel.force(true);
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

  private static int checksum(byte[] slot) {
    CRC32C crc = new CRC32C();
    crc.update(slot, 0, CRC_AT);
    return (int) crc.getValue();
  }
}
