package io.vertxraft.testkit.sim;

import io.vertx.core.Promise;
import java.util.concurrent.Executor;

/**
 * A change on its way to the disk, or with {@code change == null} a mark that all before are done.
 */
final class DiskRecord {
  final DiskVolume volume;
  final DiskChange change;
  final Executor context;
  final Promise<Void> promise = Promise.promise();
  final long bytes;

  DiskRecord(DiskVolume volume, DiskChange change, Executor context) {
    this.volume = volume;
    this.change = change;
    this.context = context;
    this.bytes = change == null ? 0 : change.bytes();
  }
}
