package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertxraft.protocol.HardState;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StorageWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the LevelDB storage does beyond the contract of every storage. */
class LevelDbStorageTest {
  @TempDir Path directory;
  private LevelDbStorage storage;

  @AfterEach
  void close() throws Exception {
    if (storage != null) {
      TestLog.await(storage.close());
    }
  }

  private LevelDbStorage create() {
    storage = LevelDbStorage.create(TestLog.options(directory));
    return storage;
  }

  @Test
  void creatingAndClosingAStorageTouchesNoFile() throws Exception {
    LevelDbStorage unused = LevelDbStorage.create(TestLog.options(directory.resolve("nowhere")));
    TestLog.await(unused.close());
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aStrangerLeavesNoTraceInADirectory() throws Exception {
    TestLog.open(create());
    TestLog.await(storage.close());
    List<String> before = listing();

    LevelDbStorage stranger = LevelDbStorage.create(TestLog.options(directory));
    StorageException refusal =
        catchThrowableOfType(
            StorageException.class,
            () -> TestLog.await(stranger.open(new GroupIdentity("c", "g1", "n2"), Runnable::run)));
    TestLog.await(stranger.close());
    assertThat(refusal.kind()).isEqualTo(Kind.WRONG_OWNER);
    assertThat(refusal)
        .hasMessageContaining("'n1'")
        .hasMessageContaining("'n2'")
        .hasMessageContaining(directory.toString());
    assertThat(listing()).isEqualTo(before);
  }

  private List<String> listing() throws IOException {
    List<String> listing = new ArrayList<>();
    try (var all = Files.walk(directory)) {
      for (Path path : all.sorted().toList()) {
        listing.add(path + " " + Files.getLastModifiedTime(path) + " " + Files.size(path));
      }
    }
    return listing;
  }

  @Test
  void theFirstFailedWriteIsFinalForAllGroups() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    storage =
        LevelDbStorage.create(
            TestLog.options(directory),
            home -> {
              if (broken.get()) {
                throw new IOException("Input/output error");
              }
              return Long.MAX_VALUE;
            });
    GroupStorage group = TestLog.open(storage);
    GroupStorage other =
        TestLog.await(storage.open(new GroupIdentity("c", "g2", "n1"), Runnable::run));
    TestLog.await(group.write(TestLog.append(1, 3, 1, 10)));
    broken.set(true);
    Throwable first = catchThrowable(() -> TestLog.await(group.write(TestLog.append(4, 4, 1, 9))));
    broken.set(false);
    assertThat(((StorageException) first).kind()).isEqualTo(Kind.IO_ERROR);
    assertThat(catchThrowable(() -> TestLog.await(group.write(TestLog.append(5, 5, 1, 9)))))
        .isSameAs(first);
    StorageWrite vote = new StorageWrite(new HardState(1, null), 0, List.of());
    assertThat(catchThrowable(() -> TestLog.await(other.write(vote)))).isSameAs(first);
    assertThat(TestLog.await(group.read(1, 3, 10_000))).hasSize(3);
    TestLog.await(group.close());
    assertThat(catchThrowable(() -> TestLog.open(storage))).as("no way around").isSameAs(first);
  }

  @Test
  void aWriteThatDoesNotFollowIsRefusedAndChangesNothing() throws Exception {
    GroupStorage group = TestLog.open(create());
    TestLog.await(
        group.write(new StorageWrite(new HardState(5, null), 0, TestLog.entries(1, 3, 4, 9))));
    for (StorageWrite wrong :
        List.of(
            TestLog.append(5, 5, 4, 9),
            TestLog.append(3, 3, 4, 9),
            TestLog.append(4, 4, 3, 9),
            new StorageWrite(null, 5, List.of()),
            new StorageWrite(null, 2, TestLog.entries(3, 3, 4, 9)),
            new StorageWrite(new HardState(4, null), 0, List.of()))) {
      assertThat(catchThrowable(() -> TestLog.await(group.write(wrong))))
          .isInstanceOf(IllegalArgumentException.class);
    }
    TestLog.await(group.write(TestLog.append(4, 4, 4, 9)));
    TestLog.await(storage.close());
    assertThat(TestLog.open(create()).recovered().lastIndex()).isEqualTo(4);
  }

  @Test
  void onlyDurableEntriesCanBeRead() throws Exception {
    GroupStorage group = TestLog.open(create());
    TestLog.await(group.write(TestLog.append(1, 5, 1, 9)));
    CountDownLatch hold = TestLog.holdWriter(storage);
    Future<Void> pending = group.write(new StorageWrite(null, 4, TestLog.entries(4, 8, 2, 9)));
    assertThat(catchThrowable(() -> TestLog.await(group.read(4, 4, 100))))
        .as("an entry about to be truncated")
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(TestLog.await(group.read(3, 3, 100))).hasSize(1);
    hold.countDown();
    TestLog.await(pending);
    assertThat(TestLog.await(group.read(3, 8, 10_000))).hasSize(6);
    assertThat(catchThrowable(() -> TestLog.await(group.read(9, 9, 100))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBatchCompletesInOneTaskOnTheContext() throws Exception {
    create();
    ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    CountDownLatch batches = new CountDownLatch(2);
    Future<GroupStorage> opening =
        storage.open(
            TestLog.GROUP,
            task -> {
              tasks.add(task);
              batches.countDown();
            });
    while (!opening.isComplete()) {
      Runnable task = tasks.poll();
      if (task != null) {
        task.run();
      }
      Thread.onSpinWait();
    }
    GroupStorage group = opening.result();
    CountDownLatch hold = TestLog.holdWriter(storage);
    List<Integer> completed = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      int index = i;
      group.write(TestLog.append(i, i, 1, 9)).onSuccess(v -> completed.add(index));
    }
    assertThat(storage.queuedBytes()).isGreaterThan(100L * 33);
    hold.countDown();
    batches.await();
    assertThat(completed).as("nothing completes outside the context").isEmpty();
    tasks.remove().run();
    assertThat(completed).hasSize(100).isSorted();
    assertThat(tasks).isEmpty();
  }

  @Test
  void aListenerThatThrowsDoesNotKeepOthersFromCompleting() throws Exception {
    AtomicReference<Semaphore> listening = new AtomicReference<>(new Semaphore(Integer.MAX_VALUE));
    List<Throwable> uncaught = new ArrayList<>();
    create();
    GroupStorage group =
        TestLog.await(
            storage.open(
                TestLog.GROUP,
                task -> {
                  try {
                    listening.get().acquireUninterruptibly();
                    task.run();
                  } catch (IllegalStateException e) {
                    uncaught.add(e);
                  }
                }));
    // Nothing completes before the listener is there: else it would run, and throw, right here.
    Semaphore held = new Semaphore(0);
    listening.set(held);
    group
        .write(TestLog.append(1, 1, 1, 9))
        .onSuccess(
            v -> {
              throw new IllegalStateException("a listener's mistake");
            });
    held.release(Integer.MAX_VALUE);
    TestLog.await(group.write(TestLog.append(2, 2, 1, 9)));
    TestLog.await(storage.close());
    assertThat(uncaught).hasSize(1);
  }

  @Test
  void aFileInThePlaceOfTheDirectoryIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("plain"), "a file");
    storage = LevelDbStorage.create(TestLog.options(file));
    StorageException refusal =
        catchThrowableOfType(StorageException.class, () -> TestLog.open(storage));
    assertThat(refusal.kind()).isEqualTo(Kind.IO_ERROR);
    assertThat(refusal)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("is not a directory")
        .hasMessageContaining("option 'directory'");
  }

  @Test
  void theParentOfEachNewDirectoryIsSynced() throws Exception {
    List<Path> synced = new ArrayList<>();
    Path home = directory.resolve("a/b/c");
    DataDirectory.createDurably(home, synced::add);
    assertThat(home).isDirectory();
    assertThat(synced).containsExactly(directory, directory.resolve("a"), directory.resolve("a/b"));
    synced.clear();
    DataDirectory.createDurably(home, synced::add);
    assertThat(synced).isEmpty();
  }

  @Test
  void marksAreSyncedAtMostOnceASecondAndOnlyAfterWrites() throws Exception {
    long second = TimeUnit.SECONDS.toNanos(1);
    Witness.Mark mark = new Witness.Mark(1, 1, 1);
    try (Watermark watermark = Watermark.open(directory.resolve("watermark"), Long.MAX_VALUE)) {
      // Just before the clock overflows, which must not matter.
      long start = Long.MAX_VALUE;
      assertThat(watermark.syncIfDue(start + 2 * second)).as("nothing to sync").isFalse();
      watermark.mark(1, mark);
      assertThat(watermark.syncIfDue(start + second - 1)).as("too early").isFalse();
      assertThat(watermark.syncIfDue(start + second)).isTrue();
      assertThat(watermark.syncIfDue(start + 3 * second)).as("nothing new").isFalse();
      watermark.mark(1, mark);
      assertThat(watermark.syncIfDue(start + 2 * second - 1)).as("too early again").isFalse();
      assertThat(watermark.syncIfDue(start + 2 * second)).isTrue();
    }
  }

  @Test
  void closingFromAVertxContextCompletesOnThatContext() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      TestLog.open(create());
      Context context = vertx.getOrCreateContext();
      Promise<Context> completedOn = Promise.promise();
      context.runOnContext(
          v -> storage.close().onComplete(done -> completedOn.complete(Vertx.currentContext())));
      assertThat(TestLog.await(completedOn.future())).isEqualTo(context);
    } finally {
      TestLog.await(vertx.close());
    }
  }
}
