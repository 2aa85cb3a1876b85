package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RecoveredLog.Health;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Large writes take another way to the journal than small ones: what is acknowledged is there all
 * the same, and no files are filled for them.
 */
class LargeWritesTest {
  private static final int SEGMENT_BYTES = 4 * 1024 * 1024;
  private static final int PAYLOAD = 1024;

  /** Entries of a write: through the cache, past it, large, larger than memory for it. */
  private static final List<Integer> COUNTS = List.of(1, 40, 2, 300, 1_200, 3, 16, 15);

  @TempDir Path directory;

  private static LevelDbOptions options(Path home) {
    return TestLog.options(home).journalSegmentBytes(SEGMENT_BYTES);
  }

  private static void write(GroupStorage group, long from, int count) throws Exception {
    TestLog.await(group.write(TestLog.append(from, from + count - 1, 1, PAYLOAD)));
  }

  /** Twice of each. Returns the last index. */
  private static long writeOfEachSize(GroupStorage group) throws Exception {
    long last = 0;
    for (int round = 1; round <= 2; round++) {
      for (int count : COUNTS) {
        write(group, last + 1, count);
        last += count;
      }
    }
    return last;
  }

  @ParameterizedTest
  @ValueSource(ints = {LevelDbOptions.LONG_RUN_BYTES, Integer.MAX_VALUE})
  void whatIsAcknowledgedIsThereAfterAPowerCutThatTheDatabaseDidNotSurvive(int longRunBytes)
      throws Exception {
    LevelDbStorage storage =
        LevelDbStorage.create(
            options(directory.resolve("home"))
                .longRunBytes(longRunBytes)
                .journalSegmentBytes(Journal.SEGMENT_BYTES));
    long last = writeOfEachSize(TestLog.open(storage));
    Path cut = Damages.copy(storage.home(), directory.resolve("cut"));
    TestLog.await(storage.close());
    Damages.truncate(Damages.log(cut), 0);

    LevelDbStorage again = LevelDbStorage.create(options(cut));
    try {
      GroupStorage group = TestLog.open(again);
      assertThat(group.recovered().health()).isEqualTo(Health.OK);
      assertThat(group.recovered().lastIndex()).isEqualTo(last);
      assertThat(read(group, last)).isEqualTo(TestLog.entries(1, last, 1, PAYLOAD));
    } finally {
      TestLog.await(again.close());
    }
  }

  private static List<LogEntry> read(GroupStorage group, long last) throws Exception {
    List<LogEntry> entries = new ArrayList<>();
    while (entries.size() < last) {
      entries.addAll(TestLog.await(group.read(entries.size() + 1, last, 1024 * 1024)));
    }
    return entries;
  }

  @Test
  void whatWasWrittenIsReadWhileMoreIsBeingWritten() throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(options(directory.resolve("home")));
    try {
      GroupStorage group = TestLog.open(storage);
      long last = writeOfEachSize(group);
      write(group, last + 1, 40);
      assertThat(read(group, last + 40)).isEqualTo(TestLog.entries(1, last + 40, 1, PAYLOAD));
    } finally {
      TestLog.await(storage.close());
    }
  }

  @ParameterizedTest
  @CsvSource({"2, true", "200, false"})
  void filesAreFilledForSegmentsOfSmallWritesAndForThoseOfLargeOnesNot(int count, boolean filled)
      throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(options(directory.resolve("home")));
    try {
      GroupStorage group = TestLog.open(storage);
      for (long first = 1; first <= 3_000; first += count) {
        write(group, first, count);
      }
      // The thread that fills is there from the first file on.
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().startsWith("raft-log-spares " + storage.home()))
          .hasSize(filled ? 1 : 0);
    } finally {
      TestLog.await(storage.close());
    }
  }
}
