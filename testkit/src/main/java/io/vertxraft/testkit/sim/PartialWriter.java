package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertxraft.SnapshotWriter;

/** The part of a snapshot below one directory, as if it were all of it. */
record PartialWriter(SnapshotWriter whole, String directory) implements SnapshotWriter {
  @Override
  public long lastIndex() {
    return whole.lastIndex();
  }

  @Override
  public long lastTerm() {
    return whole.lastTerm();
  }

  @Override
  public WriteStream<Buffer> file(String name) {
    return whole.file(directory + name);
  }

  @Override
  public Future<Void> givenUp() {
    return whole.givenUp();
  }
}
