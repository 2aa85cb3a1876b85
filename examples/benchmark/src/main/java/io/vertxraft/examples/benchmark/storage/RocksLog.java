package io.vertxraft.examples.benchmark.storage;

import io.vertxraft.protocol.LogEntry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** A log in RocksDB, one record per entry, one synced batch per append. */
final class RocksLog implements LogUnderTest {
  private final Options options =
      new Options().setCreateIfMissing(true).setCompressionType(CompressionType.NO_COMPRESSION);
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final RocksDB db;

  RocksLog(Path directory) throws RocksDBException {
    RocksDB.loadLibrary();
    db = RocksDB.open(options, directory.toString());
  }

  @Override
  public String name() {
    return "rocksdb";
  }

  @Override
  public void append(List<LogEntry> entries) throws RocksDBException {
    try (WriteBatch batch = new WriteBatch()) {
      for (LogEntry entry : entries) {
        batch.put(ByteBuffer.allocate(8).putLong(entry.index()).array(), entry.encoded());
      }
      db.write(synced, batch);
    }
  }

  @Override
  public void close() {
    db.close();
    synced.close();
    options.close();
  }
}
