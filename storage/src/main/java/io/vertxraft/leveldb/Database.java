package io.vertxraft.leveldb;

import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.spi.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.CompressionType;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.ReadOptions;
import org.iq80.leveldb.WriteBatch;
import org.iq80.leveldb.WriteOptions;

/**
 * A LevelDB whose native handles cannot be misused: the library ends the process when a closed
 * database, iterator or batch is touched, so every use holds the read half of a lock that {@link
 * #close} takes exclusively, and no handle leaves this class.
 */
final class Database implements AutoCloseable {
  /** What a group needs of its database. */
  @FunctionalInterface
  interface Records {
    /**
     * Visits records, from the last one at or before {@code at} on, until the visitor has enough or
     * there are no more.
     */
    void scanFrom(byte[] at, boolean fillCache, Visitor visitor) throws IOException;
  }

  /** Sees records in key order. */
  interface Visitor {
    /** Returns whether to go on. */
    boolean visit(byte[] key, byte[] value);
  }

  private final Path home;
  private final Path files;
  private final Path journal;
  private final DB db;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;
  private long sequence;

  private Database(Path home, Path files, Path journal, DB db, long sequence) {
    this.home = home;
    this.files = files;
    this.journal = journal;
    this.db = db;
    this.sequence = sequence;
  }

  /** Opens a database with its journal. */
  static Database open(Path home, Path path, boolean create, long sequence, LevelDbOptions options)
      throws IOException {
    return open(home, path, Journal.in(path), create, sequence, options);
  }

  /**
   * Opens the database in {@code path}.
   *
   * @param home the storage directory, for messages
   * @param journal where its long runs are
   * @param create whether it may be created; if not, a database that lost its CURRENT file would be
   *     taken for a new one and its tables deleted
   * @param sequence the sequence number that LevelDB has given to its last change, 0 if it is new
   * @throws StorageException if the native library cannot be loaded
   * @throws IOException if LevelDB refuses
   */
  static Database open(
      Path home, Path path, Path journal, boolean create, long sequence, LevelDbOptions options)
      throws IOException {
    Options levelDb =
        new Options()
            .createIfMissing(create)
            // Without it LevelDB skips damaged parts of its log in silence.
            .paranoidChecks(true)
            .verifyChecksums(true)
            .compressionType(CompressionType.NONE)
            .writeBufferSize(options.getWriteBufferBytes())
            .cacheSize(options.getCacheBytes());
    try {
      DB db = JniDBFactory.factory.open(path.toFile(), levelDb);
      return new Database(home, path, journal, db, sequence);
    } catch (LinkageError e) {
      throw StorageErrors.unsupported(home, e);
    }
  }

  /** Where its files are. */
  Path files() {
    return files;
  }

  /** The sequence number that LevelDB has given to the last change; on the writing thread. */
  long sequence() {
    return sequence;
  }

  /**
   * Writes changes atomically, in order. They may be lost with the power until they are in tables,
   * or {@link LogFiles} are synced.
   */
  void write(List<Changes> changes) throws IOException {
    enter();
    try (WriteBatch batch = db.createWriteBatch()) {
      for (Changes some : changes) {
        some.addTo(batch);
      }
      db.write(batch, new WriteOptions().sync(false));
      for (Changes some : changes) {
        sequence += some.count();
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The value of a key, or null. */
  byte[] get(byte[] key) {
    enter();
    try {
      return db.get(key, new ReadOptions().verifyChecksums(true));
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Visits records from {@code from} on until the visitor has enough or there are no more; long
   * runs of the group that it begins with as they are, those of others by their places.
   */
  void scan(byte[] from, boolean fillCache, Visitor visitor) throws IOException {
    try (LongRuns runs = new LongRuns(journal)) {
      scan(from, false, fillCache, runs, visitor);
    }
  }

  /** As {@link #scan}, from the last record at or before {@code at} on. */
  void scanFrom(byte[] at, boolean fillCache, Visitor visitor) throws IOException {
    try (LongRuns runs = new LongRuns(journal)) {
      scan(at, true, fillCache, runs, visitor);
    }
  }

  /** As {@link #scan}, but shows {@linkplain RunPlace places} as they are. */
  void scanPlaces(byte[] from, Visitor visitor) throws IOException {
    scan(from, false, false, null, visitor);
  }

  /** As {@link #scanFrom}, but shows {@linkplain RunPlace places} as they are. */
  void scanPlacesFrom(byte[] at, Visitor visitor) throws IOException {
    scan(at, true, false, null, visitor);
  }

  /** A run, whether it is in the database itself or in the journal. */
  byte[] run(byte[] key, byte[] record) throws IOException {
    enter();
    try (LongRuns runs = new LongRuns(journal)) {
      return run(key, record, runs);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * What a record stands for; null if it was removed meanwhile, and its segment with it.
   *
   * @throws CorruptEntryException if it stands for a run that is not there
   */
  private byte[] run(byte[] key, byte[] record, LongRuns runs) throws IOException {
    byte[] now = record;
    while (RunPlace.is(key, now)) {
      RunPlace place = RunPlace.decode(now);
      byte[] run = runs.read(place);
      if (run != null && place.holds(run)) {
        return run;
      }
      byte[] before = now;
      now = db.get(key, new ReadOptions().verifyChecksums(true));
      if (now == null) {
        return null;
      }
      if (Arrays.equals(now, before)) {
        if (run == null) {
          String file = SegmentFiles.segment(journal, place.segment()).toString();
          throw new CorruptEntryException(
              "'%s' has not the %d bytes at offset %d that it should have"
                  .formatted(file, place.length(), place.at()));
        }
        // Which of its entries are intact they say themselves.
        return run;
      }
    }
    return now;
  }

  private void scan(
      byte[] from, boolean orBefore, boolean fillCache, LongRuns runs, Visitor visitor)
      throws IOException {
    enter();
    ReadOptions options = new ReadOptions().verifyChecksums(true).fillCache(fillCache);
    try (DBIterator iterator = db.iterator(options)) {
      iterator.seek(from);
      if (orBefore) {
        backIfBeyond(iterator, from);
      }
      while (iterator.hasNext()) {
        Map.Entry<byte[], byte[]> record = iterator.next();
        byte[] key = record.getKey();
        byte[] value = record.getValue();
        if (runs != null && Keys.isSameLog(key, from)) {
          value = run(key, value, runs);
        }
        if (value == null || !visitor.visit(key, value)) {
          return;
        }
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Steps back from the record behind a key, if it is not the key's, to the one before. */
  private static void backIfBeyond(DBIterator iterator, byte[] key) {
    if (!iterator.hasNext()) {
      iterator.seekToLast();
    } else if (!Arrays.equals(iterator.peekNext().getKey(), key) && iterator.hasPrev()) {
      iterator.prev();
    }
  }

  /** Gives the room of deleted records between two keys back to the disk. Takes its time. */
  void compact(byte[] from, byte[] to) {
    enter();
    try {
      db.compactRange(from, to);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Waits for uses in progress, then closes. Idempotent. */
  @Override
  public void close() throws IOException {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        db.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void enter() {
    lock.readLock().lock();
    if (closed) {
      lock.readLock().unlock();
      throw StorageErrors.closed(home);
    }
  }
}
