package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.spi.StorageWrite.LogStart;
import io.vertxraft.testkit.DiskImage;
import io.vertxraft.testkit.LogChain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random operations on two groups, carried out by this storage and by the image that the simulator
 * uses for a disk: both must find the same, now and after each restart. More with {@code
 * -Dmodel.lives=500}; a failure names its seed, which {@code -Dmodel.seed} repeats.
 */
class ModelTest {
  private static final int LIVES = Integer.getInteger("model.lives", 15);
  private static final int STEPS_PER_LIFE = 60;

  @TempDir Path directory;
  private final long seed = Long.getLong("model.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final ExecutorService context = Executors.newSingleThreadExecutor();

  /** A group, and what it should hold. */
  private final class Modelled {
    final GroupIdentity identity;
    final DiskImage image = new DiskImage();
    GroupStorage group;

    Modelled(String groupId) {
      identity = new GroupIdentity("c", groupId, "n1");
    }

    /** One random change, not waited for. */
    Future<Void> change() {
      LogChain log = image.log();
      int kind = random.nextInt(20);
      if (kind == 0) {
        long first =
            log.firstIndex() + random.nextInt((int) (log.lastIndex() - log.firstIndex()) + 2);
        image.truncatePrefix(first);
        return group.truncatePrefix(first);
      }
      if (kind == 1) {
        image.healed();
        return group.healed();
      }
      StorageWrite write = write(kind);
      image.apply(write);
      return group.write(write);
    }

    private StorageWrite write(int kind) {
      LogChain log = image.log();
      long term = Math.max(image.hardState().term(), log.lastTerm()) + random.nextInt(2);
      HardState hardState =
          random.nextInt(4) == 0 ? new HardState(term, random.nextBoolean() ? "n2" : null) : null;
      if (kind == 2) {
        LogStart start = new LogStart(1 + random.nextInt(500), log.lastTerm());
        long next = start.firstIndex();
        return new StorageWrite(hardState, start, 0, entries(next, random.nextInt(3), term));
      }
      long from = 0;
      long next = log.lastIndex() + 1;
      if (kind < 6 && log.lastIndex() >= log.firstIndex()) {
        long most = Math.min(200, log.lastIndex() - log.firstIndex() + 1);
        from = next - random.nextInt((int) most + 1);
        next = from;
      }
      int count = random.nextInt(10) == 0 ? random.nextInt(300) : random.nextInt(5);
      return new StorageWrite(hardState, from, entries(next, count, term));
    }

    private List<LogEntry> entries(long from, int count, long term) {
      int payloadBytes = random.nextInt(8) == 0 ? 20_000 : random.nextInt(60);
      return TestLog.entries(identity, from, from + count - 1, term, payloadBytes);
    }

    void compare(String where) throws Exception {
      assertThat(group.recovered()).as(where).isEqualTo(image.recovered());
      compareEntries(where);
    }

    void compareEntries(String where) throws Exception {
      LogChain log = image.log();
      for (long next = log.firstIndex(); next <= log.lastIndex(); ) {
        long from = next;
        long bytes = 1 + random.nextInt(200_000);
        for (LogEntry entry : on(() -> group.read(from, log.lastIndex(), bytes))) {
          assertThat(entry).as(where).isEqualTo(log.entryAt(next));
          next++;
        }
      }
    }
  }

  /** Calls the storage on the groups' context. */
  private interface Call<T> {
    Future<T> call();
  }

  private <T> T on(Call<T> call) throws Exception {
    CompletableFuture<T> done = new CompletableFuture<>();
    context.execute(() -> call.call().onComplete(done::complete, done::completeExceptionally));
    return done.get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() {
    context.shutdown();
  }

  @Test
  void theStorageHoldsWhatTheModelHoldsThroughEveryRestart() throws Exception {
    List<Modelled> groups = List.of(new Modelled("g1"), new Modelled("g2"));
    for (int life = 0; life < LIVES; life++) {
      String where = "model.seed %d, life %d".formatted(seed, life);
      LevelDbStorage storage =
          LevelDbStorage.create(TestLog.options(directory).setWriteBufferBytes(64 * 1024));
      for (Modelled modelled : groups) {
        modelled.group = on(() -> storage.open(modelled.identity, context));
        modelled.compare(where);
      }
      List<Future<Void>> changes = new ArrayList<>();
      for (int step = 0; step < STEPS_PER_LIFE; step++) {
        Modelled modelled = groups.get(random.nextInt(groups.size()));
        on(
            () -> {
              // Several at once, so that they share a batch.
              for (int i = random.nextInt(4); i >= 0; i--) {
                changes.add(modelled.change());
              }
              return Future.succeededFuture();
            });
        if (random.nextInt(10) == 0) {
          on(() -> Future.all(changes));
          modelled.compareEntries(where);
        }
      }
      on(() -> Future.all(changes));
      TestLog.await(storage.close());
    }
  }
}
