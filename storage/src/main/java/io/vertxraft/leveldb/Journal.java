package io.vertxraft.leveldb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.SortedSet;
import java.util.zip.CRC32C;

/**
 * The journal of a database: what is synced before it is acknowledged, in files that have their
 * size before they are written. LevelDB writes its own log through memory maps that grow with it;
 * to sync those costs several times what it costs to sync a few pages of a file that is there
 * already. So each change is written here, synced, and given to LevelDB without a sync later.
 *
 * <p>The newest {@linkplain JournalSegment segments} have what LevelDB may have lost after a power
 * cut. When one is no longer of them, all its changes are durable in LevelDB, which mostly has put
 * them into tables by then. Older segments are there for the {@linkplain RunPlace long runs} that
 * are in them and nowhere else.
 *
 * <p>Confined to the writer thread.
 */
final class Journal implements AutoCloseable {
  /** Default size of a segment; one grows beyond it for a record that is larger. */
  static final int SEGMENT_BYTES = 8 * 1024 * 1024;

  /** A file without its full size is filled with zeros so far ahead. */
  private static final int ALLOCATION_BYTES = 1024 * 1024;

  private static final int BUFFER_BYTES = 1024 * 1024;

  /**
   * A write ends where a page does, with zeros after the record: to write a part of a page that is
   * not in memory, the system would read it first.
   */
  private static final int PAGE_BYTES = 4096;

  /**
   * A segment that is full, and one of the newest.
   *
   * @param end sequence number of its last change
   * @param logs of LevelDB that there were when LevelDB had its last change
   */
  private record Full(long number, long end, SortedSet<Long> logs) {}

  private final SegmentFiles files;
  private final LogFiles logs;
  private final int segmentBytes;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final ArrayDeque<Full> recent = new ArrayDeque<>();
  private JournalSegment segment;
  private FileChannel channel;
  private long position;
  private long fileBytes;
  private long end;
  private boolean unsynced;
  private CRC32C crc;

  private Journal(SegmentFiles files, LogFiles logs, int segmentBytes) {
    this.files = files;
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
    SegmentFiles files = new SegmentFiles(directory, segmentBytes);
    Journal journal = new Journal(files, logs, segmentBytes);
    try {
      journal.restart(generation + 1, end);
      files.removeReplayMarks();
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
    sync();
    if (position > JournalSegment.HEADER_BYTES) {
      // Nobody writes behind what is there any more.
      channel.truncate(position);
    }
    restart(segment.generation() + 1, end);
  }

  private void restart(long generation, long sequence) throws IOException {
    SortedSet<Long> present = logs.numbers();
    logs.sync(present);
    long newest = present.isEmpty() ? 0 : present.last();
    // A log without a batch holds later changes only.
    boolean later = !present.isEmpty() && logs.isEmpty(newest);
    recent.clear();
    end = sequence;
    open(
        new JournalSegment(
            generation, files.nextNumber(), sequence, sequence, later ? newest - 1 : newest));
  }

  /** Whether a record goes into the segment that is being written. */
  boolean hasRoomFor(Changes changes) {
    long after = position + JournalSegment.RECORD_HEADER_BYTES + changes.encodedBytes();
    return after <= segmentBytes || position == JournalSegment.HEADER_BYTES;
  }

  /** Goes on with the next segment; the database has all changes, durable or not. */
  void nextSegment() throws IOException {
    recent.addLast(new Full(segment.number(), end, logs.numbers()));
    long durable = segment.durable();
    long durableLog = segment.durableLog();
    if (recent.size() == JournalSegment.RECENT) {
      Full oldest = recent.removeFirst();
      logs.sync(oldest.logs());
      durable = oldest.end();
      durableLog = oldest.logs().isEmpty() ? durableLog : oldest.logs().last();
    }
    open(new JournalSegment(segment.generation(), segment.number() + 1, end, durable, durableLog));
  }

  /** Number of the segment that is being written. */
  long segment() {
    return segment.number();
  }

  /** Segments that are there for the long runs in them alone. */
  SortedSet<Long> settledSegments() {
    return files.segments().headSet(oldestRecent());
  }

  /** The oldest segment of whose changes the database may lack some. */
  long oldestRecent() {
    return recent.isEmpty() ? segment.number() : recent.getFirst().number();
  }

  /** Size of a segment. */
  int segmentBytes() {
    return segmentBytes;
  }

  /** Nothing of a {@linkplain #settledSegments settled} segment is needed any more. */
  void release(long number) throws IOException {
    files.release(number);
  }

  private void open(JournalSegment next) throws IOException {
    if (channel != null) {
      // Before anything behind it: what comes after a gap is of no use.
      sync();
      channel.close();
    }
    channel = files.create(next.number());
    segment = next;
    fileBytes = channel.size();
    position = JournalSegment.HEADER_BYTES;
    allocate(position + 1);
    buffer.clear().put(next.encode());
    endWithPage(0);
    SegmentFiles.writeFully(channel, buffer.flip(), 0);
    unsynced = true;
    sync();
  }

  /**
   * Writes changes behind those before.
   *
   * @param sync whether they are durable when this returns; if not, they are with the next that are
   * @return where in the segment they stand
   */
  long append(Changes changes, boolean sync) throws IOException {
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
      buffer.putInt(0, checksum);
      endWithPage(at);
      SegmentFiles.writeFully(channel, buffer.flip(), at);
    } else {
      appendInPieces(changes, at);
    }
    unsynced = true;
    if (sync) {
      sync();
    }
    position += bytes;
    end += changes.count();
    if (position > segmentBytes / 2) {
      files.prepare();
    }
    return at + JournalSegment.RECORD_HEADER_BYTES;
  }

  /** Makes all changes durable. */
  void sync() throws IOException {
    if (unsynced) {
      channel.force(false);
      unsynced = false;
    }
  }

  private void endWithPage(long at) {
    long written = at + buffer.position();
    long pageEnd = (written + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    long zeros = Math.min(pageEnd, fileBytes) - written;
    for (long i = Math.min(zeros, buffer.remaining()); i > 0; i--) {
      buffer.put((byte) 0);
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
    SegmentFiles.writeFully(channel, header, recordAt);
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
      SegmentFiles.writeFully(channel, buffer, at);
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
      SegmentFiles.writeFully(channel, zeros, fileBytes);
      fileBytes += length;
    }
  }

  @Override
  public void close() throws IOException {
    try (files) {
      if (channel != null) {
        channel.close();
      }
    }
  }
}
