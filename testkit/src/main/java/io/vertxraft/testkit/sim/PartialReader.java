package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.SnapshotReader;
import java.util.List;

/** The part of a snapshot below one directory, as if it were all of it. */
record PartialReader(SnapshotReader whole, String directory) implements SnapshotReader {
  @Override
  public long lastIndex() {
    return whole.lastIndex();
  }

  @Override
  public long lastTerm() {
    return whole.lastTerm();
  }

  @Override
  public List<String> files() {
    return whole.files().stream()
        .filter(name -> name.startsWith(directory))
        .map(name -> name.substring(directory.length()))
        .toList();
  }

  @Override
  public long bytes(String file) {
    return whole.bytes(directory + file);
  }

  @Override
  public ReadStream<Buffer> file(String name) {
    return whole.file(directory + name);
  }

  @Override
  public Future<Buffer> read(String name) {
    return whole.read(directory + name);
  }
}
