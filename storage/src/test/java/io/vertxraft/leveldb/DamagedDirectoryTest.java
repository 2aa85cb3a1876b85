package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertxraft.protocol.HardState;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StorageWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** damage never ends in the silent loss of what was acknowledged. */
class DamagedDirectoryTest {
  private static final int COUNT = 3_400;

  @TempDir static Path shared;
  private static Path healthy;

  @TempDir Path scratch;

  @BeforeAll
  static void writeTablesAndALog() throws Exception {
    healthy = shared.resolve("healthy");
    LevelDbStorage storage = LevelDbStorage.create(options(healthy));
    GroupStorage group = TestLog.open(storage);
    for (int from = 1; from <= COUNT; from += 20) {
      TestLog.await(group.write(TestLog.append(from, from + 19, 1, 100)));
    }
    TestLog.await(group.write(new StorageWrite(new HardState(2, "n2"), 0, List.of())));
    TestLog.await(storage.close());
    assertThat(files(healthy, "sst")).isNotEmpty();
    assertThat(Files.size(only(healthy, "log"))).isGreaterThan(40_000);
  }

  private static LevelDbOptions options(Path directory) {
    return TestLog.options(directory).setWriteBufferBytes(128 * 1024);
  }

  /** Does something bad to a directory. */
  interface Damage {
    void to(Path directory) throws IOException;
  }

  private static Arguments damage(String name, Damage damage) {
    return Arguments.of(name, damage);
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage("bit flip at the start of the log", d -> flip(only(d, "log"), 20)),
        damage("bit flip in a checksum of the log", d -> flip(only(d, "log"), 1)),
        damage("bit flip in a length of the log", d -> flip(only(d, "log"), 5)),
        damage("bit flip in the middle of the log", d -> flip(only(d, "log"), half(d))),
        damage("bit flip in the last record", d -> flip(only(d, "log"), size(d) - 10)),
        damage("log deleted", d -> Files.delete(only(d, "log"))),
        damage("log emptied", d -> truncate(only(d, "log"), 0)),
        damage("log cut at half", d -> truncate(only(d, "log"), half(d))),
        damage("log cut before its end", d -> truncate(only(d, "log"), size(d) - 100)),
        damage("log cut at the last record", d -> truncate(only(d, "log"), lastRecord(d))),
        damage("a page of zeros in the log", d -> zero(only(d, "log"), 8_192, 4_096)),
        damage("a block of zeros in the log", d -> zero(only(d, "log"), 0, 32_768)),
        damage("the end of the log zeroed", d -> zero(only(d, "log"), size(d) - 500, 500)),
        damage("CURRENT deleted", d -> Files.delete(d.resolve("db/CURRENT"))),
        damage("CURRENT emptied", d -> truncate(d.resolve("db/CURRENT"), 0)),
        damage("MANIFEST deleted", d -> Files.delete(manifest(d))),
        damage("MANIFEST emptied", d -> truncate(manifest(d), 0)),
        damage("bit flip in MANIFEST", d -> flip(manifest(d), 20)),
        damage("bit flip in a table", d -> flip(files(d, "sst").get(0), 5_000)),
        damage("table truncated", d -> truncate(files(d, "sst").get(0), 20_000)),
        damage("table deleted", d -> Files.delete(files(d, "sst").get(0))),
        damage("watermark deleted", d -> Files.delete(d.resolve("watermark"))),
        damage("watermark zeroed", d -> zero(d.resolve("watermark"), 0, 128)),
        damage("identity deleted", d -> Files.delete(d.resolve("identity.json"))),
        damage("identity cut", d -> truncate(d.resolve("identity.json"), 10)),
        damage("database deleted", d -> deleteAll(d.resolve("db"))),
        damage("database replaced by an empty one", DamagedDirectoryTest::replaceByEmpty));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void damageIsRefusedAndStaysRefused(String name, Damage damage) throws Exception {
    Path directory = copyOfHealthy();
    damage.to(directory);
    for (int attempt = 0; attempt < 2; attempt++) {
      LevelDbStorage storage = LevelDbStorage.create(options(directory));
      Throwable refusal = catchThrowable(() -> TestLog.open(storage));
      TestLog.await(storage.close());
      assertThat(refusal)
          .as("attempt %d", attempt)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(directory.toString());
      assertThat(((StorageException) refusal).kind())
          .as(refusal.getMessage())
          .isEqualTo(Kind.CORRUPT);
    }
  }

  static Stream<Arguments> tornTails() {
    return Stream.of(
        damage("a record cut short", d -> append(d, 3, record(5_000, 1, 100))),
        damage("a record whose end is zeros", d -> append(d, 0, record(5_000, 1, 5_000))),
        damage("a header cut short", d -> append(d, 0, new byte[] {1, 2, 3})),
        damage("a batch without its end", d -> append(d, 0, firstFragment())),
        damage("zeros only", d -> append(d, 0, new byte[70_000])));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tornTails")
  void aTornUnacknowledgedWriteIsDroppedAndTheMemberStarts(String name, Damage damage)
      throws Exception {
    Path directory = copyOfHealthy();
    damage.to(directory);
    LevelDbStorage storage = LevelDbStorage.create(options(directory));
    GroupStorage group = TestLog.open(storage);
    assertThat(group.recovered().lastIndex()).isEqualTo(COUNT);
    assertThat(group.recovered().hardState()).isEqualTo(new HardState(2, "n2"));
    TestLog.await(group.write(TestLog.append(COUNT + 1, COUNT + 1, 2, 10)));
    TestLog.await(storage.close());
    try (Stream<Path> inside = Files.list(directory)) {
      assertEquals(
          name.equals("zeros only") ? 0 : 1,
          inside.filter(p -> p.getFileName().toString().startsWith("aside-")).count());
    }
  }

  @Test
  void theMessageNamesTheFileTheOffsetAndTheRemedy() throws Exception {
    Path directory = copyOfHealthy();
    Path log = only(directory, "log");
    flip(log, 20);
    byte[] before = Files.readAllBytes(log);
    LevelDbStorage storage = LevelDbStorage.create(options(directory));
    assertThat(catchThrowable(() -> TestLog.open(storage)))
        .hasMessageContaining(log.toString())
        .hasMessageContaining("offset 0")
        .hasMessageContaining("checksum mismatch")
        .hasMessageContaining("Remove the member");
    TestLog.await(storage.close());
    assertThat(Files.readAllBytes(log)).isEqualTo(before);
  }

  @Test
  void aHealthyDirectoryOpens() throws Exception {
    LevelDbStorage storage = LevelDbStorage.create(options(copyOfHealthy()));
    assertThat(TestLog.open(storage).recovered().lastIndex()).isEqualTo(COUNT);
    TestLog.await(storage.close());
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
    return copy(healthy, scratch.resolve("copy"));
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path source : all.toList()) {
        Files.copy(source, to.resolve(from.relativize(source)));
      }
    }
    return to;
  }

  private static List<Path> files(Path directory, String extension) throws IOException {
    try (Stream<Path> all = Files.list(directory.resolve("db"))) {
      return all.filter(p -> p.toString().endsWith("." + extension)).sorted().toList();
    }
  }

  private static Path only(Path directory, String extension) throws IOException {
    List<Path> files = files(directory, extension);
    assertThat(files).hasSize(1);
    return files.get(0);
  }

  private static Path manifest(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory.resolve("db"))) {
      return all.filter(p -> p.getFileName().toString().startsWith("MANIFEST"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static long size(Path directory) throws IOException {
    return Files.size(only(directory, "log"));
  }

  private static long half(Path directory) throws IOException {
    return size(directory) / 2;
  }

  /**
   * Where the last batch begins: an exact boundary, which LevelDB itself cannot tell from an end.
   */
  private static long lastRecord(Path directory) throws IOException {
    Path log = only(directory, "log");
    Path cut = Files.createTempFile(directory, "probe", ".bin");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(log), (int) size(directory) - 1));
    long at = WriteAheadLog.scan(cut).keepBytes();
    Files.delete(cut);
    return at;
  }

  private static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 0x10;
    Files.write(file, bytes);
  }

  private static void zero(Path file, long at, int count) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, (int) at, (int) at + count, (byte) 0);
    Files.write(file, bytes);
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static void append(Path directory, int zeros, byte[] bytes) throws IOException {
    Path log = only(directory, "log");
    Files.write(log, bytes, StandardOpenOption.APPEND);
    Files.write(log, new byte[zeros], StandardOpenOption.APPEND);
  }

  /**
   * A log record of the given length whose checksum is wrong and of whose data only a part is
   * there.
   */
  private static byte[] record(int length, int type, int present) {
    return ByteBuffer.allocate(7 + present)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt(0x12345678)
        .putShort((short) length)
        .put((byte) type)
        .putLong(7, 42)
        .array();
  }

  /** An intact FIRST record: what a kill between two blocks leaves. */
  private static byte[] firstFragment() {
    byte[] record = record(100, 2, 100);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(record, 6, 101);
    int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    ByteBuffer.wrap(record).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(0, masked);
    return record;
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void replaceByEmpty(Path directory) throws IOException {
    deleteAll(directory.resolve("db"));
    Path empty = directory.resolveSibling("empty");
    LevelDbStorage storage = LevelDbStorage.create(options(empty));
    try {
      TestLog.open(storage);
      TestLog.await(storage.close());
    } catch (Exception e) {
      throw new IOException(e);
    }
    copy(empty.resolve("db"), directory.resolve("db"));
  }
}
