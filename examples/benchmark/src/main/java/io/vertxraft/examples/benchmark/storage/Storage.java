package io.vertxraft.examples.benchmark.storage;

import io.vertx.core.Future;
import io.vertxraft.leveldb.LevelDbOptions;
import io.vertxraft.leveldb.LevelDbStorage;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageWrite;
import java.nio.file.Path;
import java.util.List;

/** The storage of this project, through the interface that the members use. */
final class Storage implements LogUnderTest {
  static final GroupIdentity GROUP = new GroupIdentity("benchmark", "g", "n1");

  private final LevelDbStorage storage;
  private final GroupStorage group;

  Storage(Path directory) {
    storage = LevelDbStorage.create(new LevelDbOptions().setDirectory(directory.toString()));
    group = await(storage.open(GROUP, Runnable::run));
  }

  GroupStorage group() {
    return group;
  }

  @Override
  public String name() {
    return "storage";
  }

  @Override
  public void append(List<LogEntry> entries) {
    await(group.write(new StorageWrite(null, 0, entries)));
  }

  @Override
  public void close() {
    await(storage.close());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
