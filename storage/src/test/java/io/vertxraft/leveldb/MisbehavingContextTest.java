package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.RecoveredLog.Health;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StorageWrite;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a context or a listener of one group does, it does it to that group alone. */
class MisbehavingContextTest {
  private static final GroupIdentity OTHER = new GroupIdentity("c", "g2", "n1");

  @TempDir Path directory;
  private LevelDbStorage storage;

  @AfterEach
  void close() throws Exception {
    TestLog.await(storage.close());
  }

  @Test
  void aContextThatThrowsKeepsNoOtherGroupFromItsAcknowledgement() throws Exception {
    storage = LevelDbStorage.create(TestLog.options(directory));
    AtomicBoolean broken = new AtomicBoolean();
    GroupStorage group =
        TestLog.await(
            storage.open(
                TestLog.GROUP,
                task -> {
                  if (broken.get()) {
                    throw new IllegalStateException("stopped");
                  }
                  task.run();
                }));
    GroupStorage other = TestLog.await(storage.open(OTHER, Runnable::run));
    CountDownLatch hold = TestLog.holdWriter(storage);
    Future<Void> lost = group.write(entry(TestLog.GROUP, 1));
    broken.set(true);
    Future<Void> acknowledged = other.write(entry(OTHER, 1));
    hold.countDown();
    TestLog.await(acknowledged);
    assertThat(lost.isComplete()).isFalse();
  }

  private static StorageWrite entry(GroupIdentity group, long index) {
    return new StorageWrite(null, 0, TestLog.entries(group, index, index, 1, 9));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anErrorInAListenerKeepsNoOtherWriteOfTheBatchFromCompleting() throws Exception {
    storage = LevelDbStorage.create(TestLog.options(directory));
    GroupStorage group = TestLog.open(storage);
    CountDownLatch hold = TestLog.holdWriter(storage);
    group
        .write(entry(TestLog.GROUP, 1))
        .onSuccess(
            v -> {
              throw new AssertionError("a listener's mistake");
            });
    Future<Void> next = group.write(entry(TestLog.GROUP, 2));
    hold.countDown();
    TestLog.await(next);
  }

  @Test
  void aReadThatMeetsAnErrorFails() throws Exception {
    storage = LevelDbStorage.create(TestLog.options(directory));
    GroupStorage opened = TestLog.open(storage);
    TestLog.await(opened.write(TestLog.append(1, 3, 1, 9)));
    GroupMeta meta = new GroupMeta(1, opened.recovered().hardState(), 1, 3, 1, 0, 1, false);
    RecoveredLog recovered =
        new RecoveredLog(
            meta.hardState(), 1, 3, 0, List.of(new RecoveredLog.TermRun(1, 1)), Health.OK);
    LevelDbGroup group =
        new LevelDbGroup(
            storage,
            (from, fillCache, visitor) -> {
              throw new OutOfMemoryError("no more native memory");
            },
            new GroupState(1, "g1", meta),
            meta,
            recovered,
            (GroupSnapshots) opened.snapshots(),
            Runnable::run);
    StorageException failure =
        catchThrowableOfType(StorageException.class, () -> TestLog.await(group.read(1, 3, 1_000)));
    assertThat(failure.kind()).isEqualTo(Kind.IO_ERROR);
    assertThat(failure).hasMessageContaining("no more native memory");
  }

  @Test
  void aListenerThatThrowsWhenItsGroupIsOpenLeavesItOpen() throws Exception {
    storage = LevelDbStorage.create(TestLog.options(directory));
    CountDownLatch listening = new CountDownLatch(1);
    Promise<Void> thrown = Promise.promise();
    AtomicReference<GroupStorage> group = new AtomicReference<>();
    storage
        .open(
            TestLog.GROUP,
            task -> {
              await(listening);
              try {
                task.run();
              } finally {
                thrown.tryComplete();
              }
            })
        .onSuccess(
            opened -> {
              group.set(opened);
              throw new IllegalStateException("a listener's mistake");
            });
    listening.countDown();
    TestLog.await(thrown.future());
    // Passes the reader's queue, so that the opening is over.
    TestLog.await(storage.open(OTHER, Runnable::run));
    StorageException refusal =
        catchThrowableOfType(StorageException.class, () -> TestLog.open(storage));
    assertThat(refusal).as("a second handle to a group in use").isNotNull();
    assertThat(refusal.kind()).isEqualTo(Kind.LOCKED);
    TestLog.await(group.get().close());
    TestLog.open(storage);
  }

  @Test
  void aGroupWhoseContextWasStoppedWhileItOpenedCanBeOpenedAgain() throws Exception {
    storage = LevelDbStorage.create(TestLog.options(directory));
    CountDownLatch rejected = new CountDownLatch(1);
    Future<GroupStorage> lost =
        storage.open(
            TestLog.GROUP,
            task -> {
              rejected.countDown();
              throw new RejectedExecutionException("stopped");
            });
    await(rejected);
    TestLog.await(storage.open(OTHER, Runnable::run));
    List<LogEntry> none = List.of();
    GroupStorage again = TestLog.open(storage);
    TestLog.await(again.write(new StorageWrite(null, 0, none)));
    assertThat(lost.isComplete()).isFalse();
  }

  @Test
  void anErrorWhileADirectoryIsOpenedLeavesItFree() throws Exception {
    storage =
        LevelDbStorage.create(
            TestLog.options(directory),
            home -> {
              throw new AssertionError("a broken file system");
            });
    assertThat(catchThrowable(() -> TestLog.open(storage))).hasMessageContaining("broken file");
    TestLog.await(storage.close());
    storage = LevelDbStorage.create(TestLog.options(directory));
    assertThat(TestLog.open(storage).recovered().lastIndex()).isZero();
  }
}
