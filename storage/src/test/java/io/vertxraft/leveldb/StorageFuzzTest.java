package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever bytes are found on disk, a decoder gives what was encoded or a typed error, and a
 * directory is opened whole, opened as damaged with a true prefix, or refused. Replays the inputs
 * under {@code resources}; with {@code JAZZER_FUZZ=1} it looks for more.
 */
@Tag("any-jdk")
class StorageFuzzTest {
  private static final int COUNT = 400;
  private static final HardState HARD_STATE = new HardState(3, "n2");

  @TempDir static Path shared;
  private static Path healthy;

  /** As after a kill: some changes are in the journal only. */
  private static Path killed;

  @BeforeAll
  static void writeTablesAndALog() throws Exception {
    healthy = shared.resolve("healthy");
    LevelDbStorage storage = LevelDbStorage.create(options(healthy));
    GroupStorage group = TestLog.open(storage);
    for (int from = 1; from <= COUNT; from += 20) {
      TestLog.await(group.write(TestLog.append(from, from + 19, 1, 300)));
    }
    TestLog.await(group.write(new StorageWrite(HARD_STATE, 0, List.of())));
    killed = Damages.copy(healthy, shared.resolve("killed"));
    TestLog.await(storage.close());
  }

  private static LevelDbOptions options(Path directory) {
    return TestLog.options(directory).setWriteBufferBytes(64 * 1024);
  }

  @FuzzTest
  void aRunDecodesToEntriesOfItsGroupOrIsRefused(byte[] run) {
    List<LogEntry> entries = new ArrayList<>();
    try {
      Runs.decode(run, 7, new EntryCodec("g1"), entries::add);
      assertThat(Runs.encode(entries)).isEqualTo(run);
    } catch (CorruptEntryException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
    for (int i = 0; i < entries.size(); i++) {
      assertThat(entries.get(i).index()).isEqualTo(7 + i);
    }
  }

  @FuzzTest
  void aMetaRecordDecodesToItselfOrIsRefused(byte[] bytes) {
    try {
      assertThat(GroupMeta.decode("g1", bytes).encode("g1")).isEqualTo(bytes);
    } catch (CorruptEntryException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  @FuzzTest
  void aGroupRecordDecodesToItselfOrIsRefused(byte[] bytes) {
    try {
      assertThat(GroupRecord.encode(3, GroupRecord.decode(3, bytes))).isEqualTo(bytes);
    } catch (CorruptEntryException e) {
      assertThat(e).hasMessageContaining("group number 3");
    }
  }

  @FuzzTest
  void aWatermarkIsReadOrIgnored(byte[] bytes) throws IOException {
    Path file = shared.resolve("watermark");
    Files.write(file, bytes);
    Watermark.read(file)
        .forEach((group, witness) -> assertThat(witness.sequence()).isNotNegative());
  }

  @FuzzTest
  void logsAndManifestsAreScannedToTheEnd(byte[] bytes) throws IOException {
    Path file = shared.resolve("scanned");
    Files.write(file, bytes);
    Manifest manifest = new Manifest();
    WriteAheadLog.Scan scan = WriteAheadLog.scan(file, manifest);
    assertThat(scan.keepBytes()).isBetween(0L, (long) bytes.length);
    assertThat(manifest.tables(shared)).isNotNull();
  }

  @FuzzTest
  void aJournalIsReadOrIgnored(byte[] bytes) throws IOException {
    Path journal = Files.createDirectories(shared.resolve("journal"));
    Files.write(SegmentFiles.segment(journal, 7), bytes);
    JournalSegment header = JournalSegment.decode(bytes);
    assertThat(JournalReader.read(journal).generation())
        .isEqualTo(header == null || header.number() != 7 ? 0 : Math.max(0, header.generation()));
  }

  /** Harms one file of a healthy directory, in up to three places. */
  @FuzzTest
  void aMutatedDirectoryIsNeverOpenedWithAWrongPrefix(FuzzedDataProvider data) throws Exception {
    mutateAndCheck(healthy, data);
  }

  /** As above, with a directory whose process was killed. */
  @FuzzTest
  void whatAKilledProcessLeavesIsNeverOpenedWithAWrongPrefix(FuzzedDataProvider data)
      throws Exception {
    mutateAndCheck(killed, data);
  }

  private static void mutateAndCheck(Path base, FuzzedDataProvider data) throws Exception {
    Path directory = Damages.copy(base, shared.resolve("mutated"));
    try {
      mutate(pick(data, directory), data);
      check(directory);
    } finally {
      Damages.deleteAll(directory);
    }
  }

  private static Path pick(FuzzedDataProvider data, Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> files =
          all.filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().matches("LOCK|LOG.*|owner.lock"))
              .sorted()
              .toList();
      return files.get(data.consumeInt(0, files.size() - 1));
    }
  }

  private static void mutate(Path file, FuzzedDataProvider data) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int i = data.consumeInt(1, 3); i > 0 && bytes.length > 0; i--) {
      int at = data.consumeInt(0, bytes.length - 1);
      switch (data.consumeInt(0, 4)) {
        case 0 -> bytes[at] ^= (byte) (1 << data.consumeInt(0, 7));
        case 1 -> bytes = Arrays.copyOf(bytes, at);
        case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4_096), (byte) 0);
        case 3 -> {
          byte[] moved = data.consumeBytes(64);
          System.arraycopy(moved, 0, bytes, at, Math.min(moved.length, bytes.length - at));
        }
        default -> {
          Files.delete(file);
          return;
        }
      }
    }
    Files.write(file, bytes);
  }

  private static void check(Path directory) throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(options(directory));
    try {
      GroupStorage group = TestLog.open(storage);
      RecoveredLog found = group.recovered();
      assertThat(found.hardState()).isEqualTo(HARD_STATE);
      assertThat(found.lastIndex()).isBetween(found.health().damaged() ? 0L : COUNT, (long) COUNT);
      for (long next = 1; next <= found.lastIndex(); ) {
        for (LogEntry entry : TestLog.await(group.read(next, found.lastIndex(), 1 << 20))) {
          assertThat(entry).isEqualTo(TestLog.entries(next, next, 1, 300).get(0));
          next++;
        }
      }
    } catch (StorageException e) {
      assertThat(e.getMessage()).contains(directory.toString());
    } finally {
      TestLog.await(storage.close());
    }
  }
}
