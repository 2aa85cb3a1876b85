package io.vertxraft.leveldb;

import io.vertxraft.spi.StorageException;
import java.io.IOException;
import java.nio.file.Path;
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
    /** Visits records from {@code from} on until the visitor has enough or there are no more. */
    void scan(byte[] from, boolean fillCache, Visitor visitor) throws IOException;
  }

  /** Sees records in key order. */
  interface Visitor {
    /** Returns whether to go on. */
    boolean visit(byte[] key, byte[] value);
  }

  /** Fills a batch. */
  interface BatchFiller {
    void fill(WriteBatch batch);
  }

  private final Path home;
  private final DB db;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private Database(Path home, DB db) {
    this.home = home;
    this.db = db;
  }

  /**
   * Opens the database in {@code path}.
   *
   * @param home the storage directory, for messages
   * @param create whether it may be created; if not, a database that lost its CURRENT file would be
   *     taken for a new one and its tables deleted
   * @throws StorageException if the native library cannot be loaded
   * @throws IOException if LevelDB refuses
   */
  static Database open(Path home, Path path, boolean create, LevelDbOptions options)
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
      return new Database(home, JniDBFactory.factory.open(path.toFile(), levelDb));
    } catch (LinkageError e) {
      throw StorageErrors.unsupported(home, e);
    }
  }

  /** Writes a batch atomically and syncs it. */
  void write(BatchFiller filler) throws IOException {
    enter();
    try (WriteBatch batch = db.createWriteBatch()) {
      filler.fill(batch);
      db.write(batch, new WriteOptions().sync(true));
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

  /** Visits records from {@code from} on until the visitor has enough or there are no more. */
  void scan(byte[] from, boolean fillCache, Visitor visitor) throws IOException {
    enter();
    ReadOptions options = new ReadOptions().verifyChecksums(true).fillCache(fillCache);
    try (DBIterator iterator = db.iterator(options)) {
      iterator.seek(from);
      while (iterator.hasNext()) {
        Map.Entry<byte[], byte[]> record = iterator.peekNext();
        if (!visitor.visit(record.getKey(), record.getValue())) {
          return;
        }
        iterator.next();
      }
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
