package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RecoveredLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** a process killed while LevelDB notes a new table starts again; damage does not. */
class TornManifestTest {
  private static final int COUNT = 3_000;
  private static final int HEADER_BYTES = 7;

  @TempDir static Path shared;
  private static Path flushed;

  @TempDir Path scratch;

  @BeforeAll
  static void writeTables() throws Exception {
    flushed = shared.resolve("flushed");
    LevelDbStorage storage = LevelDbStorage.create(options(flushed));
    GroupStorage group = TestLog.open(storage);
    for (int from = 1; from <= COUNT; from += 100) {
      TestLog.await(group.write(TestLog.append(from, from + 99, 1, 100)));
      assertThat(TestLog.await(group.read(from, from + 99, 1))).isNotEmpty();
    }
    TestLog.await(storage.close());
    try (Stream<Path> tables = Files.list(flushed.resolve("db"))) {
      assertThat(tables.filter(p -> p.toString().endsWith(".sst"))).isNotEmpty();
    }
    assertThat(edits(flushed)).as("a snapshot, a start, a new table").hasSizeGreaterThan(2);
  }

  private static LevelDbOptions options(Path directory) {
    return TestLog.options(directory)
        .setWriteBufferBytes(128 * 1024)
        .settleBytes(1)
        .longRunBytes(Integer.MAX_VALUE);
  }

  @Test
  void everyPrefixOfAnEditThatWasBeingWrittenIsDroppedAndTheMemberStarts() throws Exception {
    byte[] edit = repeatedEdit();
    for (int present = 0; present < edit.length; present++) {
      Path directory = copy("prefix" + present);
      Damages.append(manifest(directory), Arrays.copyOf(Arrays.copyOf(edit, present), 4_096));
      assertThat(lastIndex(directory)).as("%d of %d bytes", present, edit.length).isEqualTo(COUNT);
    }
  }

  @Test
  void theFileAsItWasIsKeptAside() throws Exception {
    Path directory = copy("aside");
    Damages.append(manifest(directory), Damages.torn(60, 1, 4_096));
    byte[] torn = Files.readAllBytes(manifest(directory));
    Path aside = directory.resolve("aside-1-" + manifest(directory).getFileName());
    assertThat(lastIndex(directory)).isEqualTo(COUNT);
    assertThat(aside).hasBinaryContent(torn);
    assertThat(lastIndex(directory)).as("a second start").isEqualTo(COUNT);
  }

  @Test
  void aDamagedEditWhoseLogIsGoneWasSyncedAndIsDamage() throws Exception {
    Path directory = copy("flush");
    List<Integer> edits = edits(directory);
    Damages.flip(manifest(directory), edits.get(edits.size() - 1) + HEADER_BYTES + 4);
    assertDamaged(directory, ".log' is gone");
  }

  @Test
  void aTornEditIsNotCutOffWhileATableOfTheOnesBeforeIsMissing() throws Exception {
    Path directory = copy("table");
    Damages.append(manifest(directory), Damages.torn(60, 1, 4_096));
    Files.delete(Damages.table(directory));
    assertDamaged(directory, "of the edits before it is missing");
  }

  @Test
  void intactEditsBehindADamagedOneMakeItDamage() throws Exception {
    Path directory = copy("middle");
    Damages.flip(manifest(directory), edits(directory).get(1) + HEADER_BYTES + 1);
    assertDamaged(directory, "checksum mismatch");
  }

  @Test
  void aTornEditAfterOneThatCannotBeReadIsDamage() throws Exception {
    Path directory = copy("unknown");
    // Tag 63 is none of LevelDB's.
    Damages.append(manifest(directory), Damages.sealed(1, new byte[] {63, 1}));
    Damages.append(manifest(directory), Damages.torn(60, 1, 4_096));
    assertDamaged(directory, "tag 63");
  }

  @Test
  void aTornManifestNextToADamagedLogCostsOnlyWhatTheLogHeld() throws Exception {
    Path directory = copy("both");
    Damages.append(manifest(directory), Damages.torn(60, 1, 4_096));
    Damages.flip(Damages.log(directory), 20);
    assertThat(assertDamaged(directory, ".log' is damaged")).isBetween(1_000L, COUNT - 1L);
  }

  private static long assertDamaged(Path directory, String nature) throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(options(directory));
    try {
      RecoveredLog found = TestLog.open(storage).recovered();
      assertThat(found.health().damaged()).isTrue();
      assertThat(found.health().detail()).contains(nature);
      return found.lastIndex();
    } finally {
      TestLog.await(storage.close());
    }
  }

  private static long lastIndex(Path directory) throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(options(directory));
    try {
      return TestLog.open(storage).recovered().lastIndex();
    } finally {
      TestLog.await(storage.close());
    }
  }

  private Path copy(String name) throws IOException {
    return Damages.copy(flushed, scratch.resolve(name));
  }

  private static Path manifest(Path directory) throws IOException {
    return Damages.manifest(directory);
  }

  /** Where the edits begin. */
  private static List<Integer> edits(Path directory) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(manifest(directory))).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> edits = new ArrayList<>();
    int at = 0;
    while (at + HEADER_BYTES <= bytes.capacity() && bytes.get(at + 6) != 0) {
      edits.add(at);
      at += HEADER_BYTES + Short.toUnsignedInt(bytes.getShort(at + 4));
    }
    return edits;
  }

  /** The last edit once more. */
  private static byte[] repeatedEdit() throws IOException {
    List<Integer> edits = edits(flushed);
    int at = edits.get(edits.size() - 1);
    ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(manifest(flushed))).order(ByteOrder.LITTLE_ENDIAN);
    byte[] edit = new byte[HEADER_BYTES + Short.toUnsignedInt(bytes.getShort(at + 4))];
    bytes.get(at, edit);
    return edit;
  }
}
