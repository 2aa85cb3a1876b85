package io.vertxraft.leveldb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * The journal of a database: what is synced before it is acknowledged, in files of a fixed place
 * and size. LevelDB writes its own log through memory maps that grow with it; to sync those costs
 * several times what it costs to sync a few pages of a file that is there already. So each change
 * is written here, synced, and given to LevelDB without a sync later.
 *
 * <p>Some {@linkplain JournalSegment segments} are used in turn. A segment is used again only when
 * all its changes are durable in LevelDB, which mostly has put them into tables by then.
 *
 * <p>Confined to the writer thread.
 */
final class Journal implements AutoCloseable {
  /** Default size of a segment; one grows beyond it for a record that is larger. */
  static final int SEGMENT_BYTES = 8 * 1024 * 1024;

  /** A file is filled with zeros so far ahead: to sync what changes its size costs more. */
  private static final int ALLOCATION_BYTES = 1024 * 1024;

  private static final int BUFFER_BYTES = 1024 * 1024;

  /** A file that is used in turn. */
  private static final class Slot {
    /** Whether it is part of this generation. */
    boolean used;

    /** Sequence number of its last change. */
    long end;

    /** Logs of LevelDB that there were when LevelDB had its last change. */
    SortedSet<Long> logs = new TreeSet<>();
  }

  private final Path directory;
  private final LogFiles logs;
  private final int segmentBytes;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private Slot[] slots;
  private JournalSegment segment;
  private FileChannel channel;
  private long position;
  private long fileBytes;
  private long end;
  private boolean unsynced;
  private CRC32C crc;

  private Journal(Path directory, LogFiles logs, int segmentBytes) {
    this.directory = directory;
    this.logs = logs;
    this.segmentBytes = segmentBytes;
  }

  /** Where the journal of a database is: with it, for neither means anything without the other. */
  static Path in(Path database) {
    return database.resolve("journal");
  }

  /**
   * Begins a new generation, after all that the database has was made durable.
   *
   * @param generation of the journal that was there
   * @param end sequence number of the last change of the database
   */
  static Journal begin(Path database, LogFiles logs, int segmentBytes, long generation, long end)
      throws IOException {
    Path directory = in(database);
    if (!Files.exists(directory)) {
      Files.createDirectory(directory);
      DataDirectory.sync(database);
    }
    Journal journal = new Journal(directory, logs, segmentBytes);
    try {
      journal.restart(generation + 1, end);
      return journal;
    } catch (Throwable e) {
      journal.close();
      throw e;
    }
  }

  /** Sequence number of the last change. */
  long end() {
    return end;
  }

  /** Makes durable what is in the logs of the database, which has all changes, and begins anew. */
  void restart() throws IOException {
    restart(segment.generation() + 1, end);
  }

  private void restart(long generation, long sequence) throws IOException {
    SortedSet<Long> present = logs.numbers();
    logs.sync(present);
    long newest = present.isEmpty() ? 0 : present.last();
    // A log without a batch holds later changes only.
    boolean later = !present.isEmpty() && logs.isEmpty(newest);
    slots = new Slot[JournalSegment.COUNT];
    end = sequence;
    open(new JournalSegment(generation, 0, sequence, sequence, later ? newest - 1 : newest));
  }

  /** Whether a record goes into the segment that is being written. */
  boolean hasRoomFor(Changes changes) {
    long after = position + JournalSegment.RECORD_HEADER_BYTES + changes.encodedBytes();
    return after <= segmentBytes || position == JournalSegment.HEADER_BYTES;
  }

  /** Goes on with the next segment; the database has all changes, durable or not. */
  void nextSegment() throws IOException {
    Slot done = slot(segment.ordinal());
    done.end = end;
    done.logs = logs.numbers();
    long ordinal = segment.ordinal() + 1;
    Slot next = slot(ordinal);
    long durable = segment.durable();
    long durableLog = segment.durableLog();
    if (next.used) {
      logs.sync(next.logs);
      durable = next.end;
      durableLog = next.logs.isEmpty() ? durableLog : next.logs.last();
    }
    open(new JournalSegment(segment.generation(), ordinal, end, durable, durableLog));
  }

  private Slot slot(long ordinal) {
    int place = (int) (ordinal % JournalSegment.COUNT);
    if (slots[place] == null) {
      slots[place] = new Slot();
    }
    return slots[place];
  }

  private void open(JournalSegment next) throws IOException {
    if (channel != null) {
      // Before anything behind it: what comes after a gap is of no use.
      sync();
      channel.close();
    }
    Path file = JournalSegment.file(directory, next.ordinal());
    boolean isNew = !Files.exists(file);
    channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    segment = next;
    slot(next.ordinal()).used = true;
    fileBytes = channel.size();
    position = JournalSegment.HEADER_BYTES;
    allocate(position + 1);
    writeFully(next.encode(), 0);
    unsynced = true;
    sync();
    if (isNew) {
      DataDirectory.sync(directory);
    }
  }

  /**
   * Writes changes behind those before.
   *
   * @param sync whether they are durable when this returns; if not, they are with the next that are
   */
  void append(Changes changes, boolean sync) throws IOException {
    long length = changes.encodedBytes();
    long bytes = JournalSegment.RECORD_HEADER_BYTES + length;
    allocate(position + bytes);
    crc = segment.recordChecksum();
    buffer.clear();
    buffer.putInt(0).putInt((int) length).putLong(end).putInt(changes.count());
    long at = position;
    if (bytes <= buffer.capacity()) {
      changes.encode(buffer::put);
      int checksum = checksum(JournalSegment.LENGTH_AT);
      buffer.putInt(0, checksum).flip();
      writeFully(buffer, at);
    } else {
      appendInPieces(changes, at);
    }
    unsynced = true;
    if (sync) {
      sync();
    }
    position += bytes;
    end += changes.count();
  }

  private void sync() throws IOException {
    if (unsynced) {
      channel.force(false);
      unsynced = false;
    }
  }

  /** What the buffer holds from an offset on is added to the checksum of the record. */
  private int checksum(int from) {
    crc.update(buffer.duplicate().flip().position(from));
    return (int) crc.getValue();
  }

  private void appendInPieces(Changes changes, long recordAt) throws IOException {
    // The header goes last, for it needs the checksum of all the rest.
    ByteBuffer header = ByteBuffer.allocate(JournalSegment.RECORD_HEADER_BYTES);
    header.put(buffer.duplicate().flip());
    crc.update(
        header.array(), JournalSegment.LENGTH_AT, header.capacity() - JournalSegment.LENGTH_AT);
    buffer.clear();
    Pieces pieces = new Pieces(recordAt + header.capacity());
    changes.encode(pieces);
    pieces.flush();
    header.putInt(0, (int) crc.getValue()).clear();
    writeFully(header, recordAt);
  }

  /** Writes what is more than the buffer holds. */
  private final class Pieces implements Changes.Sink<IOException> {
    private long at;

    Pieces(long at) {
      this.at = at;
    }

    @Override
    public void take(byte[] bytes) throws IOException {
      int from = 0;
      while (from < bytes.length) {
        if (!buffer.hasRemaining()) {
          flush();
        }
        int length = Math.min(bytes.length - from, buffer.remaining());
        buffer.put(bytes, from, length);
        from += length;
      }
    }

    void flush() throws IOException {
      int unused = checksum(0);
      buffer.flip();
      int length = buffer.remaining();
      writeFully(buffer, at);
      at += length;
      buffer.clear();
    }
  }

  private void allocate(long bytes) throws IOException {
    if (bytes <= fileBytes) {
      return;
    }
    long target = Math.max(bytes, Math.min(fileBytes + ALLOCATION_BYTES, segmentBytes));
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(target - fileBytes, ALLOCATION_BYTES));
    while (fileBytes < target) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), target - fileBytes));
      long length = zeros.remaining();
      writeFully(zeros, fileBytes);
      fileBytes += length;
    }
  }

  private void writeFully(ByteBuffer bytes, long at) throws IOException {
    long next = at;
    while (bytes.hasRemaining()) {
      next += channel.write(bytes, next);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
