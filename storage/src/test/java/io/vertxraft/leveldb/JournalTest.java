package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.RecoveredLog.Health;
import io.vertxraft.spi.StorageWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * what is acknowledged is in the journal; LevelDB, whose own logs nobody syncs, may
 * have less of it after a power cut, or less and later parts, and gets the rest from there.
 */
class JournalTest {
  private static final HardState STATE = new HardState(3, "n2");

  /** Entries have so many bytes of payload. */
  private static final int PAYLOAD = 300;

  @TempDir Path directory;
  private LevelDbStorage storage;
  private GroupStorage group;

  private static LevelDbOptions options(Path home) {
    return inDatabase(home).settleBytes(4_000);
  }

  /** However long a run is, it enters the database. */
  private static LevelDbOptions inDatabase(Path home) {
    return TestLog.options(home).longRunBytes(Integer.MAX_VALUE);
  }

  private void open(LevelDbOptions options) throws Exception {
    storage = LevelDbStorage.create(options);
    group = TestLog.open(storage);
  }

  /** Appends in writes of a few entries, and sets term and vote. */
  private void append(int from, int to) throws Exception {
    for (int first = from; first <= to; first += 5) {
      TestLog.await(group.write(TestLog.append(first, first + 4, 1, PAYLOAD)));
    }
    TestLog.await(group.write(new StorageWrite(STATE, 0, List.of())));
  }

  /** From now on the database has all that was written. */
  private void settle() throws Exception {
    TestLog.await(group.close());
    group = TestLog.open(storage);
  }

  /** The directory as it is, as if the process were killed now. */
  private Path copy(String name) throws IOException {
    return Damages.copy(storage.home(), directory.resolve(name));
  }

  /** A directory as after a kill, of which journal and database both have everything. */
  private Path killedWithAllInTheDatabase(LevelDbOptions options, int last) throws Exception {
    open(options);
    append(1, last);
    settle();
    Path killed = copy("killed");
    TestLog.await(storage.close());
    return killed;
  }

  private static RecoveredLog reopen(Path home) throws Exception {
    LevelDbStorage again = LevelDbStorage.create(options(home));
    try {
      GroupStorage found = TestLog.open(again);
      RecoveredLog log = found.recovered();
      assertThat(log.hardState()).isEqualTo(STATE);
      List<LogEntry> entries = new ArrayList<>();
      while (entries.size() < log.lastIndex()) {
        entries.addAll(TestLog.await(found.read(entries.size() + 1, log.lastIndex(), 1024 * 1024)));
      }
      assertThat(entries).isEqualTo(TestLog.entries(1, log.lastIndex(), 1, PAYLOAD));
      return log;
    } finally {
      TestLog.await(again.close());
    }
  }

  private static void assertWhole(Path home, long last) throws Exception {
    RecoveredLog log = reopen(home);
    assertThat(log.health().damaged()).as(log.health().detail()).isFalse();
    assertThat(log.lastIndex()).isEqualTo(last);
    assertThat(reopen(home).health()).as("at the next start").isEqualTo(Health.OK);
  }

  @Test
  void whatOnlyTheJournalHasIsThereAfterAPowerCut() throws Exception {
    open(inDatabase(directory.resolve("home")));
    append(1, 100);
    Path killed = copy("killed");
    TestLog.await(storage.close());
    // Nothing that LevelDB was given has reached the disk.
    Damages.truncate(Damages.log(killed), 0);
    assertWhole(killed, 100);
  }

  @Test
  void entriesThatOnlyTheJournalHasCanBeRead() throws Exception {
    open(inDatabase(directory.resolve("home")));
    append(1, 20);
    assertThat(TestLog.await(group.read(3, 20, 1024 * 1024)))
        .isEqualTo(TestLog.entries(3, 20, 1, PAYLOAD));
    TestLog.await(
        group.write(new StorageWrite(new HardState(4, null), 11, TestLog.entries(11, 12, 4, 9))));
    assertThat(TestLog.await(group.read(10, 12, 1024 * 1024)))
        .startsWith(TestLog.entries(10, 10, 1, PAYLOAD).get(0))
        .endsWith(TestLog.entries(11, 12, 4, 9).toArray(LogEntry[]::new));
    TestLog.await(storage.close());
  }

  @Test
  void whereverTheLogOfTheDatabaseEndsAfterAPowerCutTheJournalGoesOn() throws Exception {
    Path killed = killedWithAllInTheDatabase(options(directory.resolve("home")), 200);
    long size = WriteAheadLog.scan(Damages.log(killed)).keepBytes();
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      Path cut = Damages.copy(killed, directory.resolve("cut-" + i));
      Damages.truncate(Damages.log(cut), random.nextLong(size));
      assertWhole(cut, 200);
    }
  }

  @Test
  void whereverTheLogOfTheDatabaseHasAHoleAfterAPowerCutTheJournalFillsIt() throws Exception {
    Path killed = killedWithAllInTheDatabase(options(directory.resolve("home")), 200);
    long size = WriteAheadLog.scan(Damages.log(killed)).keepBytes();
    for (int at = 0; at + 4_096 < size; at += 8_192) {
      Path hole = Damages.copy(killed, directory.resolve("hole-" + at));
      Damages.zero(Damages.log(hole), at, 4_096);
      assertWhole(hole, 200);
    }
  }

  @Test
  void segmentsAreUsedInTurnAndTheDatabaseHasWhatTheyHeldBefore() throws Exception {
    open(
        options(directory.resolve("home"))
            .journalSegmentBytes(32 * 1024)
            .setWriteBufferBytes(64 * 1024));
    int last = 0;
    for (int life = 1; life <= 8; life++) {
      append(last + 1, last + 100);
      last += 100;
      Path killed = copy("killed-" + life);
      assertWhole(killed, last);
    }
    Path journal = journal(storage.home());
    try (var files = Files.list(journal)) {
      assertThat(files)
          .hasSizeBetween(
              JournalSegment.RECENT, JournalSegment.RECENT + SegmentFiles.SPARES_MAX + 1);
    }
    assertThat(JournalReader.read(journal).generation()).isEqualTo(1);
    TestLog.await(storage.close());
  }

  @Test
  void aRecordLargerThanASegmentIsWrittenInPieces() throws Exception {
    open(options(directory.resolve("home")).journalSegmentBytes(32 * 1024));
    TestLog.await(group.write(TestLog.append(1, 4, 1, PAYLOAD)));
    List<LogEntry> large = TestLog.entries(5, 6, 1, 1_700_000);
    TestLog.await(group.write(new StorageWrite(STATE, 0, large)));
    TestLog.await(group.write(TestLog.append(7, 8, 1, PAYLOAD)));
    Path killed = copy("killed");
    TestLog.await(storage.close());
    LevelDbStorage again = LevelDbStorage.create(options(killed));
    GroupStorage found = TestLog.open(again);
    assertThat(found.recovered().lastIndex()).isEqualTo(8);
    assertThat(TestLog.await(found.read(5, 6, 10_000_000))).isEqualTo(large);
    TestLog.await(again.close());
  }

  @Test
  void aTornRecordWasNotAcknowledgedAndIsForgotten() throws Exception {
    open(inDatabase(directory.resolve("home")));
    append(1, 50);
    Path torn = copy("torn");
    TestLog.await(group.write(TestLog.append(51, 55, 1, PAYLOAD)));
    Path later = copy("later");
    TestLog.await(storage.close());
    // The first bytes of the record are there, and nothing else of it: nothing in the database
    // either, and the mark is as before.
    byte[] whole = Files.readAllBytes(segment(later));
    byte[] begun = Files.readAllBytes(segment(torn));
    int at = firstDifference(whole, begun);
    System.arraycopy(whole, at, begun, at, 100);
    Files.write(segment(torn), begun);
    assertWhole(torn, 50);
  }

  private static int firstDifference(byte[] some, byte[] others) {
    int at = 0;
    while (some[at] == others[at]) {
      at++;
    }
    return at;
  }

  @Test
  void damageToTheJournalAloneCostsNothingThatTheDatabaseHas() throws Exception {
    Path killed =
        killedWithAllInTheDatabase(options(directory.resolve("home")).settleBytes(1), 100);
    Damages.flip(segment(killed), 700);
    assertWhole(killed, 100);
    Path without = Damages.copy(killed, directory.resolve("without"));
    Damages.deleteAll(journal(without));
    assertWhole(without, 100);
  }

  @Test
  void ifJournalAndDatabaseLoseTheSameTheMemberIsDamagedAndKeepsItsVote() throws Exception {
    Path killed = killedWithAllInTheDatabase(options(directory.resolve("home")), 100);
    Damages.flip(segment(killed), 20_000);
    Damages.truncate(Damages.log(killed), 8_000);
    RecoveredLog log = reopen(killed);
    assertThat(log.health().damaged()).isTrue();
    assertThat(log.lastIndex()).isBetween(1L, 99L);
  }

  @Test
  void ifTheJournalIsGoneAndTheLogHasAHoleOnlyWhatIsBeforeItCounts() throws Exception {
    Path killed = killedWithAllInTheDatabase(options(directory.resolve("home")), 100);
    Damages.deleteAll(journal(killed));
    Damages.zero(Damages.log(killed), 8_192, 4_096);
    RecoveredLog log = reopen(killed);
    assertThat(log.health().damaged()).isTrue();
    assertThat(log.lastIndex()).isBetween(1L, 99L);
  }

  @Test
  void theJournalOfAnEarlierLifeIsNotTakenForThatOfALaterOne() throws Exception {
    Path home = directory.resolve("home");
    open(options(home).journalSegmentBytes(64 * 1024));
    append(1, 100);
    Path first = copy("first");
    TestLog.await(storage.close());
    open(options(home).journalSegmentBytes(64 * 1024));
    append(101, 300);
    Path second = copy("second");
    TestLog.await(storage.close());
    // The same file: records of the first life stand behind those of the second.
    byte[] earlier = Files.readAllBytes(segment(first));
    assertThat(Files.readAllBytes(SegmentFiles.segment(journal(second), 4)))
        .containsSequence(Arrays.copyOfRange(earlier, 34_000, 34_100));
    assertWhole(second, 300);
  }

  @Test
  void aStorageThatWasClosedLeavesNothingToTheJournal() throws Exception {
    Path home = directory.resolve("home");
    open(inDatabase(home));
    append(1, 100);
    TestLog.await(storage.close());
    Damages.deleteAll(journal(home));
    assertWhole(home, 100);
  }

  private static Path segment(Path home) {
    return SegmentFiles.segment(journal(home), 1);
  }

  private static Path journal(Path home) {
    return Journal.in(home.resolve(DataDirectory.DATABASE));
  }
}
