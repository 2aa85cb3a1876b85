package io.vertxraft.testkit.sim;

import io.vertx.core.Promise;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.StorageWrite;
import java.util.concurrent.Executor;

/**
 * A write on its way to the disk, or with {@code write == null} a mark that all before are done.
 */
final class DiskRecord {
  /** Bytes of a record apart from its entries. */
  private static final int OVERHEAD_BYTES = 64;

  final DiskVolume volume;
  final StorageWrite write;
  final Executor context;
  final Promise<Void> promise = Promise.promise();
  final long bytes;

  DiskRecord(DiskVolume volume, StorageWrite write, Executor context) {
    this.volume = volume;
    this.write = write;
    this.context = context;
    this.bytes = write == null ? 0 : bytes(write);
  }

  private static long bytes(StorageWrite write) {
    long bytes = OVERHEAD_BYTES;
    for (LogEntry entry : write.entries()) {
      bytes += entry.encodedBytes();
    }
    return bytes;
  }
}
