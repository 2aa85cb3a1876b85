package io.vertxraft.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertxraft.leveldb.LevelDbOptions;
import io.vertxraft.leveldb.LevelDbStorage;
import io.vertxraft.protocol.HardState;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.StorageWrite;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SlowDiskTest {
  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private volatile GroupStorage behind;

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void aWriteOfASlowDiskIsToldLaterAndNoneOvertakesIt() {
    SlowDisk disk = new SlowDisk(vertx, new Watched());
    GroupStorage group =
        await(
            () ->
                disk.open(
                    new GroupIdentity("c", "g", "n1"),
                    task -> context.runOnContext(v -> task.run())));
    disk.delay(1);
    assertThat(disk.isSlow()).isTrue();
    await(() -> write(group, 1));

    disk.delay(3_600_000);
    Future<Void> slow = begun(group, 2);
    disk.delay(0);
    assertThat(disk.isSlow()).isFalse();
    Future<Void> fast = begun(group, 3);
    await(() -> write(behind, 4));
    assertThat(slow.isComplete()).as("the disk behind has long finished it").isFalse();
    assertThat(fast.isComplete()).as("it was written, but would overtake").isFalse();
    await(group::close);
    await(disk::close);
  }

  /** A real storage whose group can be reached past the brake. */
  private final class Watched implements RaftStorage {
    private final RaftStorage real =
        LevelDbStorage.create(new LevelDbOptions().setDirectory(directory.toString()));

    @Override
    public Future<GroupStorage> open(GroupIdentity identity, Executor executor) {
      return real.open(identity, executor).onSuccess(group -> behind = group);
    }

    @Override
    public Future<Void> close() {
      return real.close();
    }
  }

  private static Future<Void> write(GroupStorage group, long term) {
    return group.write(new StorageWrite(new HardState(term, null), null, 0, List.of()));
  }

  /** A write that storage has been given. */
  private Future<Void> begun(GroupStorage group, long term) {
    return await(() -> Future.succeededFuture(List.of(write(group, term)))).get(0);
  }

  private <T> T await(Supplier<Future<T>> call) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(v -> call.get().onComplete(promise));
    return promise.future().toCompletionStage().toCompletableFuture().join();
  }
}
