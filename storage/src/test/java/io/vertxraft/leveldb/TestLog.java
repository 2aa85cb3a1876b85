package io.vertxraft.leveldb;

import io.vertx.core.Future;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageWrite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Small steps the tests share. Groups live on the thread that calls. */
final class TestLog {
  static final GroupIdentity GROUP = new GroupIdentity("c", "g1", "n1");

  private TestLog() {}

  static LevelDbOptions options(Path directory) {
    return new LevelDbOptions().setDirectory(directory.toString());
  }

  static <T> T await(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  static GroupStorage open(LevelDbStorage storage) throws Exception {
    return await(storage.open(GROUP, Runnable::run));
  }

  static StorageWrite append(long from, long to, long term, int payloadBytes) {
    return new StorageWrite(null, 0, entries(from, to, term, payloadBytes));
  }

  static List<LogEntry> entries(long from, long to, long term, int payloadBytes) {
    return entries(GROUP, from, to, term, payloadBytes);
  }

  static List<LogEntry> entries(
      GroupIdentity group, long from, long to, long term, int payloadBytes) {
    EntryCodec codec = new EntryCodec(group.groupId());
    List<LogEntry> entries = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      byte[] payload = new byte[payloadBytes];
      for (int i = 0; i < payloadBytes; i++) {
        payload[i] = (byte) (index * 31 + term * 7 + i * 13);
      }
      entries.add(codec.encode(index, term, EntryType.COMMAND, payload));
    }
    return entries;
  }

  /**
   * Makes the writer wait until the returned latch is released, so that what is written meanwhile
   * forms one batch: the context of a stranger keeps it, who is refused.
   */
  static CountDownLatch holdWriter(LevelDbStorage storage) throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    storage.open(
        new GroupIdentity("c", "holds-the-writer", "stranger"),
        task -> {
          held.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          task.run();
        });
    held.await();
    return release;
  }
}
