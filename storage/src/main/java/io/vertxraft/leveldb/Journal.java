package io.vertxraft.leveldb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.SortedSet;
import java.util.zip.CRC32C;

/**
 * The journal of a database: what is synced before it is acknowledged, in files that mostly have
 * their size before they are written. LevelDB writes its own log through memory maps that grow with
 * it; to sync those costs several times what it costs to sync a few pages of a file that is there
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
  private final ByteBuffer pages = SegmentFile.pages();
  private final ArrayDeque<Full> recent = new ArrayDeque<>();
  private JournalSegment segment;
  private SegmentFile file;
  private long end;

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
    if (hasRecords()) {
      // Nobody writes behind what is there any more.
      file.truncate();
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
    long after = file.position() + JournalSegment.RECORD_HEADER_BYTES + changes.encodedBytes();
    return after <= segmentBytes || !hasRecords();
  }

  private boolean hasRecords() {
    return file.position() > JournalSegment.HEADER_BYTES;
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
    if (file != null) {
      // Before anything behind it: what comes after a gap is of no use.
      sync();
      file.close();
    }
    file = files.create(next.number(), pages);
    segment = next;
    file.begin(JournalSegment.HEADER_BYTES);
    file.put(next.encode().array());
    file.end();
    sync();
  }

  /**
   * Writes changes behind those before.
   *
   * @param sync whether they are durable when this returns; if not, they are with the next that are
   * @return where in the segment they stand
   */
  long append(Changes changes, boolean sync) throws IOException {
    long at = file.position() + JournalSegment.RECORD_HEADER_BYTES;
    file.begin(JournalSegment.RECORD_HEADER_BYTES + changes.encodedBytes());
    file.put(header(changes));
    changes.encode(file::put);
    file.end();
    if (sync) {
      sync();
    }
    end += changes.count();
    if (file.position() > segmentBytes / 2 && !file.hasLargeWrites()) {
      files.prepare();
    }
    return at;
  }

  private byte[] header(Changes changes) {
    ByteBuffer header = ByteBuffer.allocate(JournalSegment.RECORD_HEADER_BYTES);
    header.putInt(0).putInt((int) changes.encodedBytes()).putLong(end).putInt(changes.count());
    CRC32C crc = segment.recordChecksum();
    crc.update(header.flip().position(JournalSegment.LENGTH_AT));
    changes.encode(crc::update);
    header.putInt(0, (int) crc.getValue());
    return header.array();
  }

  /** Makes all changes durable. */
  void sync() throws IOException {
    file.sync();
  }

  @Override
  public void close() throws IOException {
    try (files) {
      if (file != null) {
        file.close();
      }
    }
  }
}
