package io.vertxraft.leveldb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What a {@link Journal} that nobody writes holds: changes that may be missing in the database.
 *
 * <p>A record that is not intact ends its segment: it was being written when the process or the
 * power went. Should it have been more than that, the changes of the next segment do not follow,
 * and are not given to anybody.
 */
final class JournalReader {
  /** A record, and where it is. */
  private record Item(Path file, long segment, int at, int length, long start, int count) {
    long end() {
      return start + count;
    }
  }

  private final List<Item> items = new ArrayList<>();
  private JournalSegment newest;

  /** Whether a start has begun to replay this generation, and has not got to the next one. */
  private boolean replayed;

  /** Up to where the changes before the first record reach; -1 if there is no segment. */
  private long start = -1;

  private JournalReader() {}

  /** Reads what is there; nothing if there is no journal. Changes nothing. */
  static JournalReader read(Path directory) throws IOException {
    JournalReader reader = new JournalReader();
    List<Found> segments = new ArrayList<>();
    for (long number : SegmentFiles.numbers(directory)) {
      Path file = SegmentFiles.segment(directory, number);
      JournalSegment segment = JournalSegment.decode(header(file));
      if (segment != null && segment.number() == number) {
        segments.add(new Found(file, segment));
      }
    }
    reader.takeNewestGeneration(segments);
    reader.replayed = SegmentFiles.isReplayMarked(directory, reader.generation());
    return reader;
  }

  private record Found(Path file, JournalSegment segment) {}

  private static byte[] header(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(JournalSegment.HEADER_BYTES);
    }
  }

  private void takeNewestGeneration(List<Found> segments) throws IOException {
    long generation = 0;
    for (Found found : segments) {
      generation = Math.max(generation, found.segment().generation());
    }
    long current = generation;
    segments.removeIf(found -> found.segment().generation() != current);
    segments.sort(Comparator.comparingLong(found -> found.segment().number()));
    int recent = Math.min(segments.size(), JournalSegment.RECENT);
    for (Found found : segments.subList(segments.size() - recent, segments.size())) {
      newest = found.segment();
      start = start < 0 ? newest.start() : start;
      addRecords(found);
    }
  }

  private void addRecords(Found found) throws IOException {
    byte[] file = Files.readAllBytes(found.file());
    ByteBuffer bytes = ByteBuffer.wrap(file);
    int at = JournalSegment.HEADER_BYTES;
    long sequence = found.segment().start();
    while (bytes.limit() - at >= JournalSegment.RECORD_HEADER_BYTES) {
      int length = bytes.getInt(at + JournalSegment.LENGTH_AT);
      int room = bytes.limit() - at - JournalSegment.RECORD_HEADER_BYTES;
      long begins = bytes.getLong(at + JournalSegment.SEQUENCE_AT);
      int count = bytes.getInt(at + JournalSegment.COUNT_AT);
      if (length < 0 || length > room || begins != sequence || count <= 0) {
        return;
      }
      CRC32C crc = found.segment().recordChecksum();
      crc.update(
          file,
          at + JournalSegment.LENGTH_AT,
          length + JournalSegment.RECORD_HEADER_BYTES - JournalSegment.LENGTH_AT);
      if (bytes.getInt(at) != (int) crc.getValue()) {
        return;
      }
      at += JournalSegment.RECORD_HEADER_BYTES;
      items.add(new Item(found.file(), found.segment().number(), at, length, begins, count));
      at += length;
      sequence += count;
    }
  }

  /** The generation that was read, 0 if none. */
  long generation() {
    return newest == null ? 0 : newest.generation();
  }

  /**
   * Up to where a database certainly reaches that has no change left in its logs.
   *
   * @param oldestLog number of the oldest log of which it is not certain that all of it is in
   *     tables
   * @param known the highest sequence number that LevelDB remembers
   * @return a sequence number from which on all changes are here, or -1 if that is not certain:
   *     then some may be in tables that are not here, and older ones must not come after them. What
   *     LevelDB remembers may be a replay of all that is here, under new numbers
   */
  long reachedWithout(long oldestLog, long known) {
    boolean later = newest != null && oldestLog > newest.durableLog();
    return later && continues(newest.durable()) && (replayed || lastEnd() >= known)
        ? newest.durable()
        : -1;
  }

  /**
   * Whether a database that has exactly the changes up to {@code reached} gets all others from
   * here.
   */
  boolean continues(long reached) {
    return newest != null && reached >= start && end(reached) >= lastEnd();
  }

  private long lastEnd() {
    return items.isEmpty()
        ? newest.start()
        : Math.max(newest.start(), items.get(items.size() - 1).end());
  }

  private long end(long reached) {
    long at = reached;
    for (Item item : items) {
      if (item.start() == at) {
        at = item.end();
      }
    }
    return at;
  }

  /** Whether a database lacks changes that are here. */
  boolean hasMoreThan(long reached) {
    return newest != null && end(reached) > reached;
  }

  /**
   * Writes to a database the changes that follow those it has; none if there is a gap between. Long
   * runs stay here. All of them form one batch: LevelDB counts what it is given again by new
   * sequence numbers, so that a part of it could not be told from all of it.
   *
   * @param reached up to where it has the changes
   * @param longRunBytes from which length on a run is long
   * @return how many changes were written
   */
  long replay(Database database, long reached, int longRunBytes) throws IOException {
    List<Changes> missing = new ArrayList<>();
    long at = reached;
    Path file = null;
    byte[] bytes = null;
    for (Item item : items) {
      if (item.start() == at) {
        if (!item.file().equals(file)) {
          file = item.file();
          bytes = Files.readAllBytes(file);
        }
        ByteBuffer encoded = ByteBuffer.wrap(bytes, item.at(), item.length()).slice();
        Changes changes = Changes.decode(encoded, item.count());
        missing.add(changes.placed(item.segment(), item.at(), longRunBytes));
        at = item.end();
      }
    }
    if (!missing.isEmpty()) {
      database.write(missing);
    }
    return at - reached;
  }
}
