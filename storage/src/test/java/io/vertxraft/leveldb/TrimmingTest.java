package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.spi.StorageWrite.LogStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is cut off a log at its front goes from the disk, too, after a while. */
class TrimmingTest {
  @TempDir Path directory;

  private static void write(GroupStorage group, long from, long to) throws Exception {
    for (long index = from; index <= to; index += 10) {
      TestLog.await(group.write(TestLog.append(index, Math.min(to, index + 9), 1, 10)));
    }
  }

  /** Where the runs on disk begin, once the storage is closed. */
  private List<Long> runs() throws IOException {
    List<Long> starts = new ArrayList<>();
    try (Database database =
        Database.open(directory, directory.resolve("db"), false, 0, TestLog.options(directory))) {
      database.scan(
          Keys.of(Keys.RUN, 1, 0),
          false,
          (key, run) -> {
            if (Keys.matches(key, Keys.RUN, 1)) {
              starts.add(Keys.index(key));
            }
            return Keys.matches(key, Keys.RUN, 1);
          });
    }
    return starts;
  }

  /** Writes until there is nothing left to delete: each write is followed by one more piece. */
  private void drain(GroupStorage group, int pieces) throws Exception {
    for (int i = 0; i < pieces; i++) {
      TestLog.await(group.write(new StorageWrite(null, 0, List.of())));
    }
  }

  @Test
  void theRunsBeforeTheNewStartAreDeletedButNotTheOneItIsIn() throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(TestLog.options(directory));
    GroupStorage group = TestLog.open(storage);
    write(group, 1, 6_000);
    TestLog.await(group.truncatePrefix(5_976));
    drain(group, 6);
    TestLog.await(storage.close());
    assertThat(runs()).containsExactly(5_971L, 5_981L, 5_991L);

    LevelDbStorage second = LevelDbStorage.create(TestLog.options(directory));
    GroupStorage again = TestLog.open(second);
    assertThat(again.recovered().firstIndex()).isEqualTo(5_976);
    assertThat(TestLog.await(again.read(5_976, 6_000, 1_000_000))).hasSize(25);
    TestLog.await(again.truncatePrefix(6_001));
    drain(again, 2);
    TestLog.await(second.close());
    assertThat(runs()).isEmpty();
  }

  @Test
  void deletingThatWasCutShortGoesOnAfterAStart() throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(TestLog.options(directory));
    GroupStorage group = TestLog.open(storage);
    write(group, 1, 6_000);
    CountDownLatch hold = TestLog.holdWriter(storage);
    Future<Void> truncated = group.truncatePrefix(5_991);
    // Right behind it in the writer's queue, before the deleting that comes of it.
    Future<Void> closed = storage.close();
    hold.countDown();
    TestLog.await(truncated);
    TestLog.await(closed);
    assertThat(runs()).hasSizeGreaterThanOrEqualTo(600 - 3 * Trimmer.CHUNK_RUNS);

    LevelDbStorage second = LevelDbStorage.create(TestLog.options(directory));
    GroupStorage again = TestLog.open(second);
    drain(again, 6);
    TestLog.await(second.close());
    assertThat(runs()).containsExactly(5_991L);
  }

  @Test
  void aLogThatStartsAnewLeavesNothingBehind() throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(TestLog.options(directory));
    GroupStorage group = TestLog.open(storage);
    write(group, 1, 100);
    TestLog.await(group.write(new StorageWrite(null, new LogStart(56, 1), 0, List.of())));
    write(group, 56, 80);
    drain(group, 2);
    TestLog.await(group.write(new StorageWrite(null, new LogStart(21, 1), 0, List.of())));
    write(group, 21, 50);
    TestLog.await(group.truncatePrefix(45));
    drain(group, 3);
    TestLog.await(storage.close());
    assertThat(runs()).containsExactly(41L);
  }

  @Test
  void runsAreBoundedInEntriesAndBytesAndGatheredFromManyWrites() throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(TestLog.options(directory));
    GroupStorage group = TestLog.open(storage);
    TestLog.await(group.write(TestLog.append(1, 130, 1, 10)));
    TestLog.await(group.write(TestLog.append(131, 140, 1, 20_000)));
    TestLog.await(group.write(TestLog.append(141, 142, 1, 100_000)));
    TestLog.await(storage.close());
    assertThat(runs()).containsExactly(1L, 65L, 129L, 131L, 134L, 137L, 140L, 141L, 142L);
  }

  @Test
  void aTruncationInsideARunWritesWhatIsBeforeItAgain() throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(TestLog.options(directory));
    GroupStorage group = TestLog.open(storage);
    TestLog.await(group.write(TestLog.append(1, 200, 1, 10)));
    TestLog.await(group.write(new StorageWrite(null, 70, TestLog.entries(70, 71, 2, 10))));
    assertThat(TestLog.await(group.read(69, 70, 1_000)).stream().map(e -> e.term()))
        .containsExactly(1L, 2L);
    TestLog.await(storage.close());
    assertThat(runs()).containsExactly(1L, 65L, 70L);
  }
}
