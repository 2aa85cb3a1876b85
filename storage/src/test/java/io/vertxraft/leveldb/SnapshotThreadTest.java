package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.leveldb.SnapshotThread.Steps;
import io.vertxraft.leveldb.SnapshotThread.Work;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The work on snapshots is shared out fairly, and never keeps a storage from closing. */
@Timeout(60)
class SnapshotThreadTest {
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(50);

  @TempDir Path directory;

  private final SnapshotThread thread = new SnapshotThread("snapshots of a test");
  private final CountDownLatch stuck = new CountDownLatch(1);
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void stop() {
    stuck.countDown();
    assertThat(thread.close(LONG_NANOS)).isTrue();
  }

  private Future<Void> submit(SnapshotThread.Lane lane, Work<Void> work) {
    return lane.submit(
        work,
        Runnable::run,
        cause -> SnapshotErrors.of("A test", Path.of("somewhere"), cause),
        () -> StorageErrors.closed(Path.of("somewhere")));
  }

  private Work<Void> pieces(String name, int count) {
    Steps<Void> work = new Steps<>();
    for (int piece = 1; piece <= count; piece++) {
      String what = name + piece;
      work.then(() -> done.add(what));
    }
    return work;
  }

  private Work<Void> waitsForADisk() {
    return SnapshotThread.once(this::waitForTheDisk);
  }

  private void waitForTheDisk() throws IOException {
    try {
      stuck.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void lanesTakeTurnsAfterEveryPieceAndKeepTheirOwnOrder() throws Exception {
    SnapshotThread.Lane first = thread.lane();
    SnapshotThread.Lane second = thread.lane();
    submit(first, waitsForADisk());
    submit(first, pieces("a", 3));
    Future<Void> next = submit(first, pieces("b", 1));
    submit(second, pieces("x", 2));
    submit(second, pieces("y", 1));
    stuck.countDown();
    TestLog.await(next);
    assertThat(done).containsExactly("x1", "a1", "x2", "a2", "y1", "a3", "b1");
  }

  @Test
  void closingEndsWhatHasManyPiecesAndFinishesTheRest() throws Exception {
    AtomicReference<Throwable> told = new AtomicReference<>();
    Steps<Void> endless =
        new Steps<>() {
          @Override
          public void failed(Throwable cause) {
            told.set(cause);
          }
        };
    CountDownLatch running = new CountDownLatch(1);
    endless.repeat(
        () -> {
          running.countDown();
          return false;
        });
    Future<Void> longWork = submit(thread.lane(), endless);
    running.await();
    SnapshotThread.Lane lane = thread.lane();
    submit(lane, SnapshotThread.once(() -> done.add("short")));
    Closeable forgotten = () -> done.add("closed");
    submit(lane, SnapshotThread.once(() -> thread.opened(forgotten)));
    assertThat(thread.close(LONG_NANOS)).isTrue();

    StorageException failure =
        catchThrowableOfType(StorageException.class, () -> TestLog.await(longWork));
    assertThat(failure.kind()).isEqualTo(Kind.CLOSED);
    assertThat(told.get()).isSameAs(failure);
    assertThat(done).containsExactly("short", "closed");
    Future<Void> late = submit(lane, pieces("late", 1));
    assertThat(late.failed()).isTrue();
  }

  @Test
  void aDiskThatDoesNotAnswerIsNotWaitedForAndWhatWaitedBehindItIsNotDone() {
    SnapshotThread.Lane lane = thread.lane();
    submit(lane, waitsForADisk());
    submit(lane, pieces("behind", 1));
    assertThat(thread.close(1)).isFalse();
    stuck.countDown();
    assertThat(thread.close(LONG_NANOS)).isTrue();
    assertThat(done).isEmpty();
  }

  @Test
  void workThatFailsUnexpectedlyIsReportedAndTheLaneGoesOn() throws Exception {
    SnapshotThread.Lane lane = thread.lane();
    Future<Void> broken =
        submit(
            lane,
            SnapshotThread.once(
                () -> {
                  throw new IllegalStateException("a mistake");
                }));
    lane.add(
        cancelled -> {
          throw new AssertionError("worse");
        });
    TestLog.await(submit(lane, pieces("a", 1)));
    assertThat(broken.cause()).hasMessageContaining("a mistake").hasMessageContaining("somewhere");
  }

  private static SnapshotManifest head(long index) {
    return new SnapshotManifest(
        "c", "g1", index, 3, 3, Configuration.of(Set.of("n1")), Buffer.buffer(), 0, List.of());
  }

  private static void publish(GroupStorage group, long index) throws Exception {
    SnapshotDraft draft = TestLog.await(group.snapshots().save(head(index)));
    TestLog.await(
        draft.append("state", SnapshotChunk.of(Buffer.buffer(new byte[3 * 1024 * 1024]))));
    TestLog.await(draft.publish());
  }

  /** Reads of files block, or fail. */
  private final class BadReads extends DelegatingFiles {
    volatile String failing = "no such name";
    volatile String reason;
    volatile boolean blocking;

    @Override
    public OpenFile read(Path file) throws IOException {
      if (file.toString().contains(failing)) {
        throw new FileSystemException(file.toString(), null, reason);
      }
      OpenFile open = super.read(file);
      return !blocking ? open : new Blocking(open);
    }
  }

  private final class Blocking implements FileCalls.OpenFile {
    private final FileCalls.OpenFile open;

    Blocking(FileCalls.OpenFile open) {
      this.open = open;
    }

    @Override
    public long bytes() throws IOException {
      return open.bytes();
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
      done.add("reading");
      waitForTheDisk();
      return open.read(into, at);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      return open.write(from);
    }

    @Override
    public void sync() throws IOException {
      open.sync();
    }

    @Override
    public void close() throws IOException {
      open.close();
    }
  }

  private LevelDbStorage storage(FileCalls files) {
    return LevelDbStorage.create(
        TestLog.options(directory).snapshotsEndNanos(1), home -> Long.MAX_VALUE, files);
  }

  @Test
  void aSnapshotOnADiskThatDoesNotAnswerDelaysNeitherTheLogNorTheEnd() throws Exception {
    BadReads files = new BadReads();
    LevelDbStorage storage = storage(files);
    GroupStorage group = TestLog.open(storage);
    publish(group, 10);
    files.blocking = true;
    group.snapshots().open(10);
    TestLog.await(group.write(TestLog.append(1, 5, 1, 10)));
    Future<Void> groupClosed = group.close();
    TestLog.await(storage.close());
    TestLog.await(groupClosed);
    stuck.countDown();

    LevelDbStorage again = storage(new DiskFiles());
    assertThat(TestLog.open(again).recovered().lastIndex()).isEqualTo(5);
    TestLog.await(again.close());
  }

  @Test
  void closingAGroupEndsAVerificationAndLeavesTheOthersAlone() throws Exception {
    BadReads files = new BadReads();
    LevelDbStorage storage = storage(files);
    GroupStorage group = TestLog.open(storage);
    publish(group, 10);
    files.blocking = true;
    Future<?> opening = group.snapshots().open(10);
    Future<Void> closed = group.close();
    files.blocking = false;
    stuck.countDown();
    TestLog.await(closed);
    StorageException failure =
        catchThrowableOfType(StorageException.class, () -> TestLog.await(opening));
    assertThat(failure.kind()).isEqualTo(Kind.CLOSED);
    publish(TestLog.open(storage), 20);
    TestLog.await(storage.close());
  }

  @Test
  void aManifestThatTheDiskCannotReadIsLeftOutButNotIfThereIsNoOther() throws Exception {
    BadReads files = new BadReads();
    LevelDbStorage storage = storage(files);
    GroupStorage group = TestLog.open(storage);
    publish(group, 10);
    publish(group, 20);
    TestLog.await(group.close());

    files.reason = "Input/output error";
    files.failing = "20/manifest";
    group = TestLog.open(storage);
    assertThat(group.snapshots().list())
        .extracting(SnapshotManifest::lastIndex)
        .containsExactly(10L);
    TestLog.await(group.close());

    files.failing = "manifest";
    assertRefused(storage, "Input/output error");
    files.failing = "20/manifest";
    files.reason = "Too many open files";
    assertRefused(storage, "Too many open files");
    files.failing = "no such name";
    assertThat(TestLog.open(storage).snapshots().list()).hasSize(2);
    TestLog.await(storage.close());
  }

  /** Else the owner would think that its snapshots are lost, and give up its log. */
  private static void assertRefused(LevelDbStorage storage, String reason) {
    StorageException failure =
        catchThrowableOfType(StorageException.class, () -> TestLog.open(storage));
    assertThat(failure.kind()).isEqualTo(Kind.IO_ERROR);
    assertThat(failure).hasMessageContaining(reason).hasMessageContaining("manifest");
  }
}
