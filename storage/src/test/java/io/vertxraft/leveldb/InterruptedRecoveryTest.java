package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageWrite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * a start may be killed, too, wherever it is, and the next one finds all the same: what comes
 * from the journal is never older than what the database has.
 */
class InterruptedRecoveryTest {
  private static final HardState STATE = new HardState(3, "n2");
  private static final GroupIdentity OTHER = new GroupIdentity("c", "other", "n1");
  private static final int PAYLOAD = 300;
  private static final int LAST = 300;

  @TempDir Path directory;

  private static LevelDbOptions options(Path home) {
    return TestLog.options(home).journalSegmentBytes(32 * 1024);
  }

  private static void append(GroupStorage group, long from, long to, long term) throws Exception {
    append(TestLog.GROUP, group, from, to, term);
  }

  private static void append(
      GroupIdentity identity, GroupStorage group, long from, long to, long term) throws Exception {
    for (long first = from; first <= to; first += 10) {
      List<LogEntry> entries = TestLog.entries(identity, first, first + 9, term, PAYLOAD);
      TestLog.await(group.write(new StorageWrite(null, 0, entries)));
    }
  }

  /**
   * What a killed process leaves whose database has everything, in tables: entries up to 30 of term
   * 1, then those of term 2, which have taken the place of others.
   */
  private Path killedWithAllInTables() throws Exception {
    Path home = directory.resolve("home");
    LevelDbStorage storage = LevelDbStorage.create(options(home));
    GroupStorage group = TestLog.open(storage);
    append(group, 1, 60, 1);
    List<LogEntry> others = TestLog.entries(31, 40, 2, PAYLOAD);
    TestLog.await(group.write(new StorageWrite(new HardState(2, null), 31, others)));
    append(group, 41, LAST, 2);
    TestLog.await(group.write(new StorageWrite(STATE, 0, List.of())));
    TestLog.await(group.close());
    GroupStorage unused = TestLog.open(storage);
    Path killed = Damages.copy(home, directory.resolve("killed"));
    TestLog.await(storage.close());
    // The first start was killed after LevelDB had put its log into a table.
    Database.open(killed, database(killed), false, 0, options(killed)).close();
    return killed;
  }

  /** The second start was killed when the database had been given all of the journal again. */
  private Path killedAfterTheReplay() throws Exception {
    Path killed = killedWithAllInTables();
    JournalReader reader = JournalReader.read(journal(killed));
    TornTail tail = TornTail.inspect(database(killed), reader);
    try (Database database =
        Database.open(killed, database(killed), false, tail.sequence(), options(killed))) {
      assertThat(reader.replay(database, tail.reached(), 1_024)).isPositive();
    }
    return killed;
  }

  private static Path database(Path home) {
    return home.resolve(DataDirectory.DATABASE);
  }

  private static Path journal(Path home) {
    return Journal.in(database(home));
  }

  private static RecoveredLog assertHasEverything(Path home) throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(options(home));
    try {
      GroupStorage group = TestLog.open(storage);
      RecoveredLog found = group.recovered();
      assertThat(found.health().damaged()).as(found.health().detail()).isFalse();
      assertThat(found.hardState()).isEqualTo(STATE);
      List<LogEntry> entries = new ArrayList<>();
      while (entries.size() < found.lastIndex()) {
        entries.addAll(
            TestLog.await(group.read(entries.size() + 1, found.lastIndex(), 1024 * 1024)));
      }
      List<LogEntry> expected = new ArrayList<>(TestLog.entries(1, 30, 1, PAYLOAD));
      expected.addAll(TestLog.entries(31, LAST, 2, PAYLOAD));
      assertThat(entries).isEqualTo(expected);
      return found;
    } finally {
      TestLog.await(storage.close());
    }
  }

  @Test
  void aReplayThatIsCutShortIsDoneAgain() throws Exception {
    Path killed = killedAfterTheReplay();
    long size = WriteAheadLog.scan(Damages.log(killed)).keepBytes();
    for (int tenths = 0; tenths <= 10; tenths++) {
      Path again = Damages.copy(killed, directory.resolve("again-" + tenths));
      Damages.truncate(Damages.log(again), size * tenths / 10);
      assertHasEverything(again);
    }
  }

  @Test
  void afterAReplayThatNoSegmentTellsOfNothingIsDoneAgain() throws Exception {
    Path killed = killedAfterTheReplay();
    // The third start was killed when the replay was in a table.
    Database.open(killed, database(killed), false, 0, options(killed)).close();
    assertHasEverything(killed);
  }

  /** The log of a killed process that has everything, as two, as when the first was full. */
  private Path killedWithTwoLogs() throws Exception {
    Path home = directory.resolve("home");
    LevelDbOptions options = options(home).settleBytes(1).longRunBytes(Integer.MAX_VALUE);
    LevelDbStorage storage = LevelDbStorage.create(options);
    GroupStorage group = TestLog.open(storage);
    TestLog.await(group.write(new StorageWrite(STATE, 0, List.of())));
    for (long index = 1; index <= 20; index++) {
      TestLog.await(group.write(TestLog.append(index, index, 1, PAYLOAD)));
      assertThat(TestLog.await(group.read(index, index, 1))).isNotEmpty();
    }
    Path killed = Damages.copy(home, directory.resolve("killed"));
    TestLog.await(storage.close());
    Path first = Damages.log(killed);
    List<byte[]> batches = new ArrayList<>();
    assertThat(WriteAheadLog.scan(first, batches::add).keepBytes()).isLessThan(32 * 1024);
    Path second = first.resolveSibling("000099.log");
    Files.delete(first);
    Files.createFile(first);
    Files.createFile(second);
    for (int i = 0; i < batches.size(); i++) {
      Damages.append(i < batches.size() / 2 ? first : second, Damages.sealed(1, batches.get(i)));
    }
    return killed;
  }

  private static void assertHasTwenty(Path home) throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(options(home));
    GroupStorage group = TestLog.open(storage);
    assertThat(group.recovered().health().damaged()).isFalse();
    assertThat(group.recovered().hardState()).isEqualTo(STATE);
    assertThat(group.recovered().lastIndex()).isEqualTo(20);
    assertThat(TestLog.await(group.read(1, 20, 1024 * 1024)))
        .isEqualTo(TestLog.entries(1, 20, 1, PAYLOAD));
    TestLog.await(storage.close());
  }

  @Test
  void aLogThatLostEverythingIsFilledFromTheJournalAlthoughALaterOneIsWhole() throws Exception {
    Path killed = killedWithTwoLogs();
    Path first = Damages.files(killed, "log").get(0);
    Path empty = Damages.copy(killed, directory.resolve("empty"));
    Damages.truncate(empty.resolve(killed.relativize(first)), 0);
    Path gone = Damages.copy(killed, directory.resolve("gone"));
    Files.delete(gone.resolve(killed.relativize(first)));
    for (Path home : List.of(killed, empty, gone)) {
      assertHasTwenty(home);
    }
  }

  @Test
  void whatLevelDbHasCountedAnewIsNotTakenForChangesThatTheJournalLacks() throws Exception {
    Path killed = killedWithAllInTables();
    JournalReader reader = JournalReader.read(journal(killed));
    TornTail tail = TornTail.inspect(database(killed), reader);
    assertThat(reader.reachedWithout(1_000, 1_000)).isEqualTo(-1);
    SegmentFiles.markReplay(journal(killed), reader.generation() + 1);
    assertThat(JournalReader.read(journal(killed)).reachedWithout(1_000, 1_000)).isEqualTo(-1);
    SegmentFiles.markReplay(journal(killed), reader.generation());
    assertThat(JournalReader.read(journal(killed)).reachedWithout(1_000, 1_000))
        .isEqualTo(tail.reached());
    assertHasEverything(killed);
    try (var files = Files.list(journal(killed))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("when the next generation has begun")
          .allMatch(name -> name.matches("(segment|spare)-[0-9]+"));
    }
  }

  @Test
  void aStartThatReplaysSaysSoBefore() throws Exception {
    Path killed = killedWithAllInTables();
    // It ends when the logs are judged, after the replay.
    assertThatThrownBy(
            () ->
                Engine.open(
                    killed, options(killed), FreeSpace.ofFileSystem(), "c", "n1", () -> true))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("closed");
    JournalReader reader = JournalReader.read(journal(killed));
    assertThat(SegmentFiles.isReplayMarked(journal(killed), reader.generation())).isTrue();
    assertHasEverything(killed);
  }

  @Test
  void aJournalWithAHoleIsNotReplayedOverADatabaseThatMayHaveMore() throws Exception {
    Path killed = killedWithAllInTables();
    SortedSet<Long> segments = SegmentFiles.numbers(journal(killed));
    assertThat(segments).hasSizeGreaterThan(2);
    for (long segment : segments) {
      Path hole = Damages.copy(killed, directory.resolve("hole-" + segment));
      // Its records cannot be read, its long runs can.
      Damages.flip(SegmentFiles.segment(journal(hole), segment), 20);
      assertHasEverything(hole);
    }
  }

  @Test
  void aJournalThatEndsTooEarlyIsNotReplayedOverADatabaseThatHasMore() throws Exception {
    Path killed = killedWithAllInTables();
    long newest = SegmentFiles.numbers(journal(killed)).last();
    Path shorter = Damages.copy(killed, directory.resolve("shorter"));
    Damages.flip(
        SegmentFiles.segment(journal(shorter), newest),
        JournalSegment.HEADER_BYTES + JournalSegment.LENGTH_AT);
    assertHasEverything(shorter);
  }

  @Test
  void aSegmentThatIsGoneIsNoDamageToAGroupThatHasNothingInIt() throws Exception {
    Path home = directory.resolve("home");
    LevelDbStorage storage = LevelDbStorage.create(options(home));
    GroupStorage group = TestLog.open(storage);
    for (long index = 1; index <= 20; index++) {
      TestLog.await(group.write(TestLog.append(index, index, 1, PAYLOAD)));
    }
    GroupStorage other = TestLog.await(storage.open(OTHER, Runnable::run));
    append(OTHER, other, 1, 400, 1);
    TestLog.await(storage.close());
    Files.delete(SegmentFiles.segment(journal(home), 1));
    LevelDbStorage again = LevelDbStorage.create(options(home));
    RecoveredLog found = TestLog.open(again).recovered();
    assertThat(found.health().damaged()).as(found.health().detail()).isFalse();
    assertThat(found.lastIndex()).isEqualTo(20);
    assertThat(TestLog.await(again.open(OTHER, Runnable::run)).recovered().health().damaged())
        .isTrue();
    TestLog.await(again.close());
  }
}
