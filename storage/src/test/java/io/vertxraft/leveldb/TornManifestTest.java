package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** a process killed while LevelDB notes a new table starts again; damage does not. */
class TornManifestTest {
  private static final int COUNT = 1_500;
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
    }
    TestLog.await(storage.close());
    try (Stream<Path> tables = Files.list(flushed.resolve("db"))) {
      assertThat(tables.filter(p -> p.toString().endsWith(".sst"))).isNotEmpty();
    }
    assertThat(edits(flushed)).as("a snapshot, a start, a new table").hasSizeGreaterThan(2);
  }

  private static LevelDbOptions options(Path directory) {
    return TestLog.options(directory).setWriteBufferBytes(128 * 1024);
  }

  @Test
  void everyPrefixOfAnEditThatWasBeingWrittenIsDroppedAndTheMemberStarts() throws Exception {
    byte[] edit = repeatedEdit();
    for (int present = 0; present < edit.length; present++) {
      Path directory = copy("prefix" + present);
      append(directory, Arrays.copyOf(Arrays.copyOf(edit, present), 4_096));
      assertThat(lastIndex(directory)).as("%d of %d bytes", present, edit.length).isEqualTo(COUNT);
    }
  }

  @Test
  void theFileAsItWasIsKeptAside() throws Exception {
    Path directory = copy("aside");
    append(directory, header(60, 1));
    byte[] torn = Files.readAllBytes(manifest(directory));
    Path aside = directory.resolve("aside-1-" + manifest(directory).getFileName());
    assertThat(lastIndex(directory)).isEqualTo(COUNT);
    assertThat(aside).hasBinaryContent(torn);
    assertThat(lastIndex(directory)).as("a second start").isEqualTo(COUNT);
  }

  @Test
  void aDamagedEditWhoseLogIsGoneWasSyncedAndIsRefused() throws Exception {
    Path directory = copy("flush");
    List<Integer> edits = edits(directory);
    flip(directory, edits.get(edits.size() - 1) + HEADER_BYTES + 4);
    assertRefusedAndUnchanged(directory, ".log' is gone");
  }

  @Test
  void aTornEditIsNotCutOffWhileATableOfTheOnesBeforeIsMissing() throws Exception {
    Path directory = copy("table");
    append(directory, header(60, 1));
    try (Stream<Path> tables = Files.list(directory.resolve("db"))) {
      Files.delete(tables.filter(p -> p.toString().endsWith(".sst")).findFirst().orElseThrow());
    }
    assertRefusedAndUnchanged(directory, "of the edits before it is missing");
  }

  @Test
  void damageWithIntactEditsBehindItIsRefused() throws Exception {
    Path directory = copy("middle");
    flip(directory, edits(directory).get(1) + HEADER_BYTES + 1);
    assertRefusedAndUnchanged(directory, "checksum mismatch");
  }

  @Test
  void aTornEditAfterOneThatCannotBeReadIsRefused() throws Exception {
    Path directory = copy("unknown");
    // Tag 63 is none of LevelDB's.
    append(directory, sealed(new byte[] {63, 1}));
    append(directory, header(60, 1));
    assertRefusedAndUnchanged(directory, "tag 63");
  }

  @Test
  void aTornManifestOfAnUnreadableLogChangesNothing() throws Exception {
    Path directory = copy("both");
    append(directory, header(60, 1));
    try (Stream<Path> files = Files.list(directory.resolve("db"))) {
      Path log = files.filter(p -> p.toString().endsWith(".log")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(log);
      bytes[20] ^= 0x10;
      Files.write(log, bytes);
    }
    assertRefusedAndUnchanged(directory, ".log' is damaged");
  }

  private static void assertRefusedAndUnchanged(Path directory, String nature) throws Exception {
    byte[] before = Files.readAllBytes(manifest(directory));
    Throwable refusal = catchThrowable(() -> lastIndex(directory));
    assertThat(refusal).isInstanceOf(StorageException.class).hasMessageContaining(nature);
    assertThat(((StorageException) refusal).kind()).isEqualTo(Kind.CORRUPT);
    assertThat(manifest(directory)).hasBinaryContent(before);
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
    Path to = scratch.resolve(name);
    try (Stream<Path> all = Files.walk(flushed)) {
      for (Path source : all.toList()) {
        Files.copy(source, to.resolve(flushed.relativize(source)));
      }
    }
    return to;
  }

  private static Path manifest(Path directory) throws IOException {
    Path database = directory.resolve("db");
    return database.resolve(Files.readString(database.resolve("CURRENT")).strip());
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

  private static void append(Path directory, byte[] bytes) throws IOException {
    Files.write(manifest(directory), bytes, StandardOpenOption.APPEND);
  }

  private static void flip(Path directory, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(manifest(directory));
    bytes[at] ^= 0x10;
    Files.write(manifest(directory), bytes);
  }

  /** A header whose data was never copied: zeros follow. */
  private static byte[] header(int length, int type) {
    return ByteBuffer.allocate(HEADER_BYTES + 4_096)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x12345678)
        .putShort((short) length)
        .put((byte) type)
        .array();
  }

  /** An intact record. */
  private static byte[] sealed(byte[] data) {
    ByteBuffer record =
        ByteBuffer.allocate(HEADER_BYTES + data.length).order(ByteOrder.LITTLE_ENDIAN);
    record.putShort(4, (short) data.length).put(6, (byte) 1).put(HEADER_BYTES, data);
    CRC32C crc = new CRC32C();
    crc.update(record.array(), 6, data.length + 1);
    record.putInt(0, Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8);
    return record.array();
  }
}
