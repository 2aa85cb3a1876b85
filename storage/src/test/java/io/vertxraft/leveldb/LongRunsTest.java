package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.RecoveredLog.Health;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.spi.StorageWrite.LogStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Long runs stay in the journal, and the database has only their places: segments stay as long as
 * something in them is needed, and no longer.
 */
class LongRunsTest {
  private static final HardState STATE = new HardState(3, "n2");
  private static final GroupIdentity RARE = new GroupIdentity("c", "rare", "n1");
  private static final int SEGMENT_BYTES = 32 * 1024;

  /** Ten such entries form a run that is long. */
  private static final int PAYLOAD = 300;

  @TempDir Path directory;
  private Path home;
  private LevelDbStorage storage;
  private GroupStorage group;

  @BeforeEach
  void open() throws Exception {
    home = directory.resolve("home");
    open(home);
  }

  private static LevelDbOptions options(Path directory) {
    return TestLog.options(directory).journalSegmentBytes(SEGMENT_BYTES);
  }

  private void open(Path home) throws Exception {
    storage = LevelDbStorage.create(options(home));
    group = TestLog.open(storage);
  }

  private void append(long from, long to) throws Exception {
    for (long first = from; first <= to; first += 10) {
      TestLog.await(group.write(TestLog.append(first, first + 9, 1, PAYLOAD)));
    }
    TestLog.await(group.write(new StorageWrite(STATE, 0, List.of())));
  }

  @AfterEach
  void close() throws Exception {
    if (storage != null) {
      TestLog.await(storage.close());
    }
  }

  private static List<LogEntry> read(GroupStorage from, long first, long last) throws Exception {
    List<LogEntry> entries = new ArrayList<>();
    while (entries.size() < last - first + 1) {
      entries.addAll(TestLog.await(from.read(first + entries.size(), last, 1024 * 1024)));
    }
    return entries;
  }

  private void assertHas(long first, long last) throws Exception {
    assertThat(read(group, first, last)).isEqualTo(TestLog.entries(first, last, 1, PAYLOAD));
  }

  /** Opens what a killed process leaves, or a closed one. */
  private RecoveredLog recover(Path home) throws Exception {
    close();
    open(home);
    return group.recovered();
  }

  private static Path journal(Path home) {
    return Journal.in(home.resolve(DataDirectory.DATABASE));
  }

  private static SortedSet<Long> segments(Path home) throws IOException {
    return SegmentFiles.numbers(journal(home));
  }

  private Path copy(String name) throws IOException {
    return Damages.copy(storage.home(), directory.resolve(name));
  }

  /** Each write is followed by one piece of deleting. */
  private void drain() throws Exception {
    for (int i = 0; i < 12; i++) {
      TestLog.await(group.write(new StorageWrite(null, 0, List.of())));
    }
  }

  @Test
  void theDatabaseHasOnlyWhereLongRunsAre() throws Exception {
    append(1, 200);
    TestLog.await(group.write(TestLog.append(201, 201, 1, PAYLOAD)));
    close();
    storage = null;
    List<Integer> lengths = new ArrayList<>();
    try (Database database =
        Database.open(home, home.resolve(DataDirectory.DATABASE), false, 0, options(home))) {
      database.scanPlaces(Keys.of(Keys.RUN, 1, 0), (key, record) -> lengths.add(record.length));
    }
    assertThat(lengths.subList(0, 20)).containsOnly(21);
    assertThat(lengths.get(20)).as("a short run").isGreaterThan(PAYLOAD);
    open(home);
    assertThat(group.recovered().health()).isEqualTo(Health.OK);
    assertHas(1, 201);
  }

  @Test
  void segmentsStayAsLongAsTheirRunsAreNeededThroughLivesThatEndInAnyWay() throws Exception {
    long last = 0;
    for (int life = 1; life <= 5; life++) {
      append(last + 1, last + 200);
      last += 200;
      home = copy("killed-" + life);
      RecoveredLog found = recover(home);
      assertThat(found.health()).isEqualTo(Health.OK);
      assertThat(found.lastIndex()).isEqualTo(last);
      assertHas(1, last);
      append(last + 1, last + 10);
      last += 10;
      assertThat(recover(home).lastIndex()).isEqualTo(last);
      assertHas(1, last);
    }
    assertThat(segments(home)).hasSizeGreaterThan(10);
  }

  @Test
  void aLogThatIsCutOffGivesItsSegmentsFreeAndTheirFilesAreUsedAgain() throws Exception {
    append(1, 1_000);
    assertThat(segments(home)).hasSizeGreaterThan(10);
    TestLog.await(group.truncatePrefix(996));
    drain();
    assertThat(segments(home)).hasSizeLessThanOrEqualTo(JournalSegment.RECENT);
    for (long first = 1_001; first <= 10_000; first += 1_000) {
      append(first, first + 999);
      TestLog.await(group.truncatePrefix(first + 990));
      drain();
    }
    try (var files = Files.list(journal(home))) {
      assertThat(files)
          .hasSizeLessThanOrEqualTo(JournalSegment.RECENT + SegmentFiles.SPARES_MAX + 1);
    }
    assertHas(9_991, 10_000);
    assertThat(recover(home).firstIndex()).isEqualTo(9_991);
    assertHas(9_991, 10_000);
  }

  @Test
  void aLogThatStartsAnewNeedsNothingOfTheOldOne() throws Exception {
    append(1, 1_000);
    TestLog.await(group.write(new StorageWrite(null, new LogStart(5_001, 1), 0, List.of())));
    drain();
    assertThat(segments(home)).hasSizeLessThanOrEqualTo(JournalSegment.RECENT);
    append(5_001, 5_100);
    assertThat(recover(home).health()).isEqualTo(Health.OK);
    assertHas(5_001, 5_100);
  }

  @Test
  void aRunThatIsCutInTwoIsReadFromWhereItIs() throws Exception {
    append(1, 200);
    TestLog.await(group.write(new StorageWrite(null, 16, TestLog.entries(16, 20, 4, PAYLOAD))));
    for (int life = 0; life < 2; life++) {
      assertHas(1, 15);
      assertThat(read(group, 16, 20)).isEqualTo(TestLog.entries(16, 20, 4, PAYLOAD));
      assertThat(recover(home).lastIndex()).isEqualTo(20);
    }
  }

  @Test
  void whatIsWrittenOverIsNotNeededAnyMore() throws Exception {
    append(1, 10);
    for (int i = 0; i < 300; i++) {
      List<LogEntry> entries = TestLog.entries(11, 20, 1, PAYLOAD);
      TestLog.await(group.write(new StorageWrite(null, i == 0 ? 0 : 11, entries)));
    }
    assertThat(segments(home)).hasSizeLessThanOrEqualTo(JournalSegment.RECENT + 1);
    assertHas(1, 20);
    TestLog.await(group.write(new StorageWrite(STATE, 0, List.of())));
    assertThat(recover(home).health()).isEqualTo(Health.OK);
    assertHas(1, 20);
  }

  @Test
  void whatSeveralChangesOfABatchWriteOverCountsOnce() throws Exception {
    append(1, 100);
    CountDownLatch release = TestLog.holdWriter(storage);
    List<Future<Void>> writes = new ArrayList<>();
    for (long from = 95; from > 10; from -= 10) {
      writes.add(
          group.write(new StorageWrite(null, from, TestLog.entries(from, from + 1, 1, PAYLOAD))));
    }
    release.countDown();
    for (Future<Void> write : writes) {
      TestLog.await(write);
    }
    append(17, 296);
    assertHas(1, 296);
    assertThat(recover(home).health()).isEqualTo(Health.OK);
    assertHas(1, 296);
  }

  @Test
  void aFileThatCannotBePreparedIsDoneWithout() throws Exception {
    Path inTheWay = journal(home).resolve("unfinished");
    Files.createDirectories(inTheWay.resolve("and-not-empty"));
    append(1, 400);
    assertHas(1, 400);
    Damages.deleteAll(inTheWay);
    append(401, 800);
    assertThat(recover(home).health()).isEqualTo(Health.OK);
    assertHas(1, 800);
  }

  @Test
  void aGroupThatRarelyCutsOffItsLogDoesNotKeepTheSegmentsOfOthers() throws Exception {
    GroupStorage rare = TestLog.await(storage.open(RARE, Runnable::run));
    int rounds = 3 * Store.SPARSE_SEGMENTS_MAX;
    List<LogEntry> all = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      List<LogEntry> few = TestLog.entries(RARE, 5L * round - 4, 5L * round, 1, PAYLOAD);
      all.addAll(few);
      TestLog.await(rare.write(new StorageWrite(null, 0, few)));
      append(100L * round - 99, 100L * round);
      TestLog.await(group.truncatePrefix(100L * round - 5));
      drain();
    }
    assertThat(segments(home))
        .hasSizeLessThanOrEqualTo(JournalSegment.RECENT + Store.SPARSE_SEGMENTS_MAX);
    assertThat(read(rare, 1, 5L * rounds)).isEqualTo(all);
    Path killed = copy("killed");
    // What LevelDB was given last has not reached the disk.
    Path log = Damages.log(killed);
    Damages.truncate(log, WriteAheadLog.scan(log).keepBytes() - 500);
    assertThat(recover(killed).health().damaged()).isFalse();
    rare = TestLog.await(storage.open(RARE, Runnable::run));
    assertThat(rare.recovered().health().damaged()).isFalse();
    assertThat(read(rare, 1, 5L * rounds)).isEqualTo(all);
  }

  @Test
  void aLogEndsBeforeTheFirstEntryThatIsDamagedInASegment() throws Exception {
    append(1, 200);
    close();
    Path segment = SegmentFiles.segment(journal(home), segments(home).first());
    Damages.flip(segment, JournalSegment.HEADER_BYTES + 3_000 + 2_000);
    RecoveredLog found = recover(home);
    assertThat(found.health().damaged()).isTrue();
    assertThat(found.hardState()).isEqualTo(STATE);
    assertThat(found.lastIndex()).isBetween(11L, 20L);
    assertHas(1, found.lastIndex());
  }

  @Test
  void aSegmentThatIsGoneIsDamageAndIsNamed() throws Exception {
    append(1, 400);
    close();
    Path segment = SegmentFiles.segment(journal(home), 3);
    Files.delete(segment);
    RecoveredLog found = recover(home);
    assertThat(found.health().damaged()).isTrue();
    assertThat(found.health().detail()).contains(segment.toString());
    assertThat(found.hardState()).isEqualTo(STATE);
    assertThat(found.lastIndex()).isBetween(50L, 300L);
    assertHas(1, found.lastIndex());
    assertThat(recover(home).health().damaged()).as("until it is made whole").isTrue();
  }

  @Test
  void damageThatIsMetWhileTheStorageIsOpenIsNamed() throws Exception {
    append(1, 400);
    Damages.truncate(SegmentFiles.segment(journal(home), 1), 10_000);
    assertThatThrownBy(() -> read(group, 1, 100))
        .hasMessageContaining("entry")
        .hasMessageContaining(journal(home).resolve("segment-1").toString());
    assertHas(301, 400);
  }

  @Test
  void whatTheInspectorSeesIsTheSameWhereverTheRunsAre() throws Exception {
    append(1, 400);
    Path killed = copy("killed");
    try (StorageInspector inspector = StorageInspector.open(killed)) {
      assertThat(inspector.problems()).isEmpty();
      assertThat(inspector.volume("g1").entries()).isEqualTo(400);
      List<LogEntry> entries = new ArrayList<>();
      inspector.entries("g1", 395, entries::add);
      assertThat(entries).isEqualTo(TestLog.entries(395, 400, 1, PAYLOAD));
      assertThat(entries.get(0).type()).isEqualTo(EntryType.COMMAND);
    }
  }
}
