package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.RecoveredLog.Health;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StorageWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * damage never ends in the silent loss of what was acknowledged. One group has written all
 * the time; a second one, of the same database, early and little.
 */
class DamagedDirectoryTest {
  private static final int COUNT = 3_400;
  private static final int QUIET_COUNT = 5;
  private static final GroupIdentity QUIET = new GroupIdentity("c", "quiet", "n1");
  private static final HardState BUSY_STATE = new HardState(2, "n2");
  private static final HardState QUIET_STATE = new HardState(7, "n3");
  private static final int SECTOR = 512;

  @TempDir static Path shared;
  private static Path healthy;

  @TempDir Path scratch;

  /** What may become of a group. */
  enum Outcome {
    /** Everything that was acknowledged is there. */
    OK,
    /** So it is, and a torn end was cut off. */
    REPAIRED,
    /** The member says that entries are missing; term and vote are exact. */
    DAMAGED,
    /** Not opened: term and vote, or the owner, are not certain. */
    REFUSED
  }

  @BeforeAll
  static void writeTablesAndALog() throws Exception {
    healthy = shared.resolve("healthy");
    LevelDbStorage storage = LevelDbStorage.create(options(healthy));
    GroupStorage group = TestLog.open(storage);
    GroupStorage quiet = TestLog.await(storage.open(QUIET, Runnable::run));
    TestLog.await(
        quiet.write(
            new StorageWrite(QUIET_STATE, 0, TestLog.entries(QUIET, 1, QUIET_COUNT, 6, 50))));
    for (int from = 1; from <= COUNT; from += 20) {
      TestLog.await(group.write(TestLog.append(from, from + 19, 1, 100)));
      // What is read has entered the database: so each write has a batch of its own there.
      assertThat(TestLog.await(group.read(from, from + 19, 1))).isNotEmpty();
    }
    TestLog.await(group.write(new StorageWrite(BUSY_STATE, 0, List.of())));
    TestLog.await(storage.close());
    assertThat(Damages.files(healthy, "sst")).isNotEmpty();
    assertThat(Files.size(Damages.log(healthy))).isGreaterThan(40_000);
  }

  private static LevelDbOptions options(Path directory) {
    return TestLog.options(directory)
        .setWriteBufferBytes(128 * 1024)
        .settleBytes(1)
        .longRunBytes(Integer.MAX_VALUE);
  }

  /** Does something bad to a directory. */
  interface Damage {
    void to(Path directory) throws IOException;
  }

  private static Arguments row(String name, Outcome busy, Outcome quiet, Damage damage) {
    return Arguments.of(name, busy, quiet, damage);
  }

  static Stream<Arguments> oneFault() {
    Outcome ok = Outcome.OK;
    Outcome repaired = Outcome.REPAIRED;
    Outcome damaged = Outcome.DAMAGED;
    Outcome refused = Outcome.REFUSED;
    return Stream.of(
        row("nothing", ok, ok, d -> {}),
        row("bit flip at the start of the log", damaged, ok, d -> flipLog(d, 20)),
        row("bit flip in a checksum of the log", damaged, ok, d -> flipLog(d, 1)),
        row("bit flip in a length of the log", damaged, ok, d -> flipLog(d, 5)),
        row("bit flip in the middle of the log", damaged, ok, d -> flipLog(d, size(d) / 2)),
        row("bit flip in the last record", damaged, repaired, d -> flipLog(d, size(d) - 10)),
        row("log deleted", damaged, ok, d -> Files.delete(Damages.log(d))),
        row("log emptied", damaged, ok, d -> Damages.truncate(Damages.log(d), 0)),
        row("log cut at half", damaged, repaired, d -> cutLog(d, size(d) / 2)),
        row("log cut before its end", damaged, repaired, d -> cutLog(d, size(d) - 30)),
        row("log cut at the last batch", damaged, ok, d -> cutLog(d, lastBatch(d))),
        row("a page of zeros in the log", damaged, ok, d -> zeroLog(d, 8_192, 4_096)),
        row("a block of zeros in the log", damaged, ok, d -> zeroLog(d, 0, 32_768)),
        row("the end of the log zeroed", damaged, repaired, d -> zeroLog(d, size(d) - 500, 500)),
        row("CURRENT deleted", damaged, damaged, d -> Files.delete(d.resolve("db/CURRENT"))),
        row("CURRENT emptied", damaged, damaged, d -> Damages.truncate(d.resolve("db/CURRENT"), 0)),
        row("MANIFEST deleted", damaged, damaged, d -> Files.delete(Damages.manifest(d))),
        row("MANIFEST emptied", damaged, damaged, d -> Damages.truncate(Damages.manifest(d), 0)),
        row("bit flip in MANIFEST", damaged, damaged, d -> Damages.flip(Damages.manifest(d), 20)),
        row("bit flip in a table", damaged, ok, d -> Damages.flip(Damages.table(d), 50_000)),
        row("bit flip in meta records", damaged, damaged, d -> Damages.flip(Damages.table(d), 50)),
        row("table truncated", damaged, damaged, d -> Damages.truncate(Damages.table(d), 20_000)),
        row("table deleted", damaged, damaged, d -> Files.delete(Damages.table(d))),
        row("database deleted", damaged, damaged, d -> Damages.deleteAll(d.resolve("db"))),
        row("database replaced by an empty one", damaged, damaged, DamagedDirectoryTest::empty),
        row("watermark deleted", damaged, damaged, d -> Files.delete(d.resolve("watermark"))),
        row("watermark of the group zeroed", damaged, ok, d -> zeroWatermark(d, 0, 4)),
        row("promises of the group zeroed", damaged, ok, d -> zeroWatermark(d, 0, 2)),
        row("marks of the group zeroed", damaged, ok, d -> zeroWatermark(d, 2, 2)),
        row("a promise of the group zeroed", ok, ok, d -> zeroWatermark(d, 0, 1)),
        row("the other promise zeroed", ok, ok, d -> zeroWatermark(d, 1, 1)),
        row("a mark of the group zeroed", ok, ok, d -> zeroWatermark(d, 2, 1)),
        row("the other mark zeroed", ok, ok, d -> zeroWatermark(d, 3, 1)),
        row("identity deleted", refused, refused, d -> Files.delete(d.resolve("identity.json"))),
        row(
            "identity cut",
            refused,
            refused,
            d -> Damages.truncate(d.resolve("identity.json"), 10)));
  }

  @ParameterizedTest(name = "{0}: {1}, and the quiet group {2}")
  @MethodSource("oneFault")
  void oneFaultIsNoticedAndTermAndVoteStayExact(
      String name, Outcome busy, Outcome quiet, Damage damage) throws Exception {
    Path directory = copyOfHealthy();
    damage.to(directory);
    for (int attempt = 0; attempt < 2; attempt++) {
      boolean first = attempt == 0;
      Map<String, Outcome> outcomes = openAndCheck(directory);
      assertThat(outcomes.get("g1")).as("attempt %d", attempt).isEqualTo(later(busy, first));
      assertThat(outcomes.get("quiet")).as("attempt %d", attempt).isEqualTo(later(quiet, first));
    }
    if (busy == Outcome.DAMAGED) {
      healAndCheck(directory);
    }
  }

  /** What was cut off once is not cut off again; damage stays until it is healed. */
  private static Outcome later(Outcome outcome, boolean first) {
    return outcome == Outcome.REPAIRED && !first ? Outcome.OK : outcome;
  }

  private static Map<String, Outcome> openAndCheck(Path directory) throws Exception {
    Map<String, Outcome> outcomes = new TreeMap<>();
    LevelDbStorage storage = LevelDbStorage.create(options(directory));
    outcomes.put("g1", outcome(storage, TestLog.GROUP, BUSY_STATE, COUNT, 1, 100));
    outcomes.put("quiet", outcome(storage, QUIET, QUIET_STATE, QUIET_COUNT, 6, 50));
    TestLog.await(storage.close());
    return outcomes;
  }

  private static Outcome outcome(
      LevelDbStorage storage,
      GroupIdentity identity,
      HardState hardState,
      int count,
      long term,
      int payloadBytes)
      throws Exception {
    GroupStorage group;
    try {
      group = TestLog.await(storage.open(identity, Runnable::run));
    } catch (StorageException e) {
      assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.CORRUPT);
      assertThat(e).hasMessageContaining(storage.home().toString());
      return Outcome.REFUSED;
    }
    RecoveredLog found = group.recovered();
    assertThat(found.hardState()).isEqualTo(hardState);
    assertThat(found.firstIndex()).isEqualTo(1);
    assertThat(readAll(group))
        .isEqualTo(TestLog.entries(identity, 1, found.lastIndex(), term, payloadBytes));
    if (found.health().damaged()) {
      assertThat(found.health().detail())
          .contains(identity.groupId(), "until the leader has given it the entries");
      return Outcome.DAMAGED;
    }
    assertThat(found.lastIndex()).isEqualTo(count);
    return found.health() == Health.OK ? Outcome.OK : Outcome.REPAIRED;
  }

  private static List<LogEntry> readAll(GroupStorage group) throws Exception {
    List<LogEntry> entries = new ArrayList<>();
    long last = group.recovered().lastIndex();
    while (entries.size() < last) {
      entries.addAll(TestLog.await(group.read(entries.size() + 1, last, 1024 * 1024)));
    }
    return entries;
  }

  /** Gives a damaged group what is missing; only when it is called healed is it whole again. */
  private static void healAndCheck(Path directory) throws Exception {
    for (int life = 0; life < 2; life++) {
      LevelDbStorage storage = LevelDbStorage.create(options(directory));
      GroupStorage group = TestLog.open(storage);
      assertThat(group.recovered().health().damaged()).isTrue();
      long last = group.recovered().lastIndex();
      if (last < COUNT) {
        TestLog.await(group.write(TestLog.append(last + 1, COUNT, 1, 100)));
      }
      if (life == 1) {
        TestLog.await(group.healed());
      }
      TestLog.await(storage.close());
    }
    LevelDbStorage storage = LevelDbStorage.create(options(directory));
    assertThat(outcome(storage, TestLog.GROUP, BUSY_STATE, COUNT, 1, 100)).isEqualTo(Outcome.OK);
    TestLog.await(storage.close());
  }

  static Stream<Arguments> twoFaults() {
    Damage noWatermark = d -> Files.delete(d.resolve("watermark"));
    return Stream.of(
        Arguments.of("log flipped", both(noWatermark, d -> flipLog(d, 20))),
        Arguments.of("log torn", both(noWatermark, d -> cutLog(d, size(d) - 30))),
        Arguments.of("CURRENT gone", both(noWatermark, d -> Files.delete(d.resolve("db/CURRENT")))),
        Arguments.of("table gone", both(noWatermark, d -> Files.delete(Damages.table(d)))),
        Arguments.of("database gone", both(noWatermark, d -> Damages.deleteAll(d.resolve("db")))));
  }

  private static Damage both(Damage one, Damage other) {
    return directory -> {
      one.to(directory);
      other.to(directory);
    };
  }

  @ParameterizedTest(name = "no watermark, and {0}")
  @MethodSource("twoFaults")
  void ifNeitherCopyOfTermAndVoteIsCertainTheMemberIsRefusedForGood(String name, Damage damage)
      throws Exception {
    Path directory = copyOfHealthy();
    damage.to(directory);
    for (int attempt = 0; attempt < 2; attempt++) {
      LevelDbStorage storage = LevelDbStorage.create(options(directory));
      Throwable refusal = catchThrowable(() -> TestLog.open(storage));
      TestLog.await(storage.close());
      assertThat(refusal)
          .as("attempt %d", attempt)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("lost meta")
          .hasMessageContaining("new node id");
    }
  }

  static Stream<Arguments> tornTails() {
    return Stream.of(
        Arguments.of("a record cut short", join(Damages.torn(5_000, 1, 100), 3)),
        Arguments.of("a record whose end is zeros", Damages.torn(5_000, 1, 5_000)),
        Arguments.of("a header cut short", new byte[] {1, 2, 3}),
        Arguments.of("a batch without its end", Damages.sealed(2, new byte[100])));
  }

  private static byte[] join(byte[] bytes, int zeros) {
    return Arrays.copyOf(bytes, bytes.length + zeros);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tornTails")
  void aTornUnacknowledgedWriteIsDroppedAndTheMemberStarts(String name, byte[] tail)
      throws Exception {
    Path directory = copyOfHealthy();
    Damages.append(Damages.log(directory), tail);
    LevelDbStorage storage = LevelDbStorage.create(options(directory));
    GroupStorage group = TestLog.open(storage);
    assertThat(group.recovered().health().state()).isEqualTo(Health.State.REPAIRED);
    assertThat(group.recovered().health().detail())
        .contains("torn write", "all that was acknowledged is there");
    assertThat(group.recovered().lastIndex()).isEqualTo(COUNT);
    assertThat(group.recovered().hardState()).isEqualTo(BUSY_STATE);
    TestLog.await(group.write(TestLog.append(COUNT + 1, COUNT + 1, 2, 10)));
    TestLog.await(storage.close());
    try (Stream<Path> inside = Files.list(directory)) {
      assertThat(inside.filter(p -> p.getFileName().toString().startsWith("aside-"))).hasSize(1);
    }
  }

  @Test
  void zerosAfterTheLastBatchAreWhatAKilledProcessLeaves() throws Exception {
    Path directory = copyOfHealthy();
    Damages.append(Damages.log(directory), new byte[70_000]);
    assertThat(openAndCheck(directory)).containsOnly(Map.entry("g1", Outcome.OK), quietOk());
  }

  private static Map.Entry<String, Outcome> quietOk() {
    return Map.entry("quiet", Outcome.OK);
  }

  @Test
  void theMessageNamesTheFileTheOffsetAndTheRemedyAndTheEvidenceIsKept() throws Exception {
    Path directory = copyOfHealthy();
    Path log = Damages.log(directory);
    Damages.flip(log, 20);
    byte[] before = Files.readAllBytes(log);
    LevelDbStorage storage = LevelDbStorage.create(options(directory));
    assertThat(TestLog.open(storage).recovered().health().detail())
        .contains(log.toString(), "offset 0", "checksum mismatch", "keeps its term and vote");
    TestLog.await(storage.close());
    assertThat(directory.resolve("db.damaged").resolve(log.getFileName())).hasBinaryContent(before);
    assertThat(directory.resolve("db.scratch")).doesNotExist();
    assertThat(directory.resolve("db.rebuilt")).doesNotExist();
  }

  @Test
  void aRebuildingCutShortByACrashIsDoneAgainOrFinished() throws Exception {
    Path directory = copyOfHealthy();
    Damages.flip(Damages.log(directory), 20);
    Files.createDirectories(directory.resolve("db.rebuilt"));
    Files.writeString(directory.resolve("db.rebuilt/CURRENT"), "half done");
    Files.createDirectories(directory.resolve("db.scratch"));
    assertThat(openAndCheck(directory).get("g1")).isEqualTo(Outcome.DAMAGED);

    Files.move(directory.resolve("db"), directory.resolve("db.rebuilt"));
    assertThat(openAndCheck(directory)).containsOnly(Map.entry("g1", Outcome.DAMAGED), quietOk());
  }

  @Test
  void aTermThatOnlyTheDatabaseKnowsIsWitnessedBeforeAnybodyActsOnIt() throws Exception {
    Path directory = copyOfHealthy();
    byte[] older = Files.readAllBytes(directory.resolve("watermark"));
    LevelDbStorage storage = LevelDbStorage.create(options(directory));
    HardState newer = new HardState(9, "n9");
    TestLog.await(TestLog.open(storage).write(new StorageWrite(newer, 0, List.of())));
    TestLog.await(storage.close());
    // As after a crash between the sync of the database and that of the watermark.
    Files.write(directory.resolve("watermark"), older);
    LevelDbStorage second = LevelDbStorage.create(options(directory));
    assertThat(TestLog.open(second).recovered().hardState()).isEqualTo(newer);
    Witness witness = Watermark.read(directory.resolve("watermark")).get(1);
    TestLog.await(second.close());
    assertThat(witness.promise().hardState()).isEqualTo(newer);
  }

  @Test
  void aCreationCutShortByACrashIsFinishedAtTheNextStart() throws Exception {
    Path directory = scratch.resolve("new");
    DataDirectory.open(directory, "c", "n1").close();
    LevelDbStorage storage = LevelDbStorage.create(options(directory));
    assertThat(TestLog.open(storage).recovered().lastIndex()).isZero();
    TestLog.await(storage.close());
  }

  private Path copyOfHealthy() throws IOException {
    return Damages.copy(healthy, scratch.resolve("copy"));
  }

  private static void flipLog(Path directory, long at) throws IOException {
    Damages.flip(Damages.log(directory), at);
  }

  private static void zeroLog(Path directory, long at, int count) throws IOException {
    Damages.zero(Damages.log(directory), at, count);
  }

  private static void cutLog(Path directory, long size) throws IOException {
    Damages.truncate(Damages.log(directory), size);
  }

  private static long size(Path directory) throws IOException {
    return Files.size(Damages.log(directory));
  }

  private static long lastBatch(Path directory) throws IOException {
    return Damages.lastBatch(Damages.log(directory));
  }

  private static void zeroWatermark(Path directory, int fromSector, int sectors)
      throws IOException {
    Damages.zero(directory.resolve("watermark"), (long) fromSector * SECTOR, sectors * SECTOR);
  }

  private static void empty(Path directory) throws IOException {
    Damages.deleteAll(directory.resolve("db"));
    Path empty = directory.resolveSibling("empty");
    try {
      LevelDbStorage storage = LevelDbStorage.create(options(empty));
      TestLog.open(storage);
      TestLog.await(storage.close());
      // A group of the same number without a write: as new as can be.
      Damages.copy(empty.resolve("db"), directory.resolve("db"));
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
