package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageWrite;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What earlier versions wrote stays readable, byte for byte: a change of these files is a change of
 * format, which needs a new version number and a way to read the old one.
 */
class GoldenFormatTest {
  private static final String GOLDEN = "/golden/";

  @TempDir Path directory;

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = GoldenFormatTest.class.getResourceAsStream(GOLDEN + name)) {
      assertThat(in).as("resource %s%s", GOLDEN, name).isNotNull();
      return in.readAllBytes();
    }
  }

  private static GroupMeta meta() {
    return new GroupMeta(9, new HardState(4, "n2"), 3, 6, 4, 2, 1, true);
  }

  @Test
  void aRunIsWhatItWas() throws IOException {
    List<LogEntry> entries = TestLog.entries(5, 7, 2, 3);
    assertThat(Runs.encode(entries)).isEqualTo(golden("run-1.bin"));
    List<LogEntry> decoded = new ArrayList<>();
    Runs.decode(golden("run-1.bin"), 5, new EntryCodec("g1"), decoded::add);
    assertThat(decoded).isEqualTo(entries);
  }

  @Test
  void aMetaRecordIsWhatItWas() throws IOException {
    assertThat(meta().encode("g1")).isEqualTo(golden("meta-2.bin"));
    assertThat(GroupMeta.decode("g1", golden("meta-2.bin"))).isEqualTo(meta());
  }

  @Test
  void aGroupRecordIsWhatItWas() throws IOException {
    assertThat(GroupRecord.encode(7, "orders")).isEqualTo(golden("group-1.bin"));
    assertThat(GroupRecord.decode(7, golden("group-1.bin"))).isEqualTo("orders");
  }

  @Test
  void aWatermarkIsWhatItWas() throws IOException {
    Path file = directory.resolve("watermark");
    try (Watermark watermark = Watermark.open(file, 0)) {
      watermark.promise(1, new Witness.Promise("orders", 5, new HardState(4, "n2")));
      watermark.mark(1, new Witness.Mark(9, 6, 4));
      watermark.mark(1, new Witness.Mark(10, 7, 4));
    }
    assertThat(file).hasBinaryContent(golden("watermark-1.bin"));
    Files.write(file, golden("watermark-1.bin"));
    assertThat(Watermark.read(file).get(1))
        .isEqualTo(
            new Witness(
                new Witness.Promise("orders", 5, new HardState(4, "n2")),
                new Witness.Mark(10, 7, 4)));
  }

  @Test
  void theManifestOfASnapshotIsWhatItWas() throws IOException {
    assertThat(Exported.MANIFEST.encode().getBytes()).isEqualTo(golden("manifest-1.bin"));
    assertThat(SnapshotManifest.decode(Buffer.buffer(golden("manifest-1.bin"))))
        .isEqualTo(Exported.MANIFEST);
  }

  @Test
  void anArchiveOfFormatOneIsImported() throws Exception {
    Path archive = directory.resolve("snapshot-1.zip");
    Files.write(archive, golden("snapshot-1.zip"));
    assertThat(SnapshotArchive.verify(archive)).isEqualTo(Exported.MANIFEST);
    Path home = directory.resolve("member");
    SnapshotManifest imported =
        SnapshotImport.run(archive, home, new GroupIdentity("c", "g1", "n1"), Set.of("n1"));
    assertThat(imported.files()).isEqualTo(Exported.MANIFEST.files());
    assertThat(new SnapshotPaths(home, "g1").snapshot(4_711).resolve("files/state"))
        .hasContent("golden");
  }

  @Test
  void aDirectoryOfFormatFiveOpens() throws Exception {
    unpack(golden("directory-5.zip"), directory);
    LevelDbStorage storage = LevelDbStorage.create(TestLog.options(directory));
    GroupStorage group = TestLog.open(storage);
    assertThat(group.recovered().health().damaged()).isFalse();
    assertThat(group.recovered().hardState()).isEqualTo(new HardState(4, "n2"));
    assertThat(TestLog.await(group.read(3, 6, 1_000))).isEqualTo(TestLog.entries(3, 6, 2, 3));
    assertThat(TestLog.await(group.read(7, 30, 100_000))).isEqualTo(TestLog.entries(7, 30, 2, 60));
    TestLog.await(storage.close());
  }

  @Test
  void aDirectoryOfAnotherFormatIsLeftAloneAndSaysWhoReadsIt() throws Exception {
    unpack(golden("directory-5.zip"), directory);
    Path identity = directory.resolve("identity.json");
    Files.writeString(
        identity, Files.readString(identity).replaceAll("(\"formatVersion\"\\s*:\\s*)5", "$14"));
    LevelDbStorage storage = LevelDbStorage.create(TestLog.options(directory));
    assertThatThrownBy(() -> TestLog.open(storage))
        .hasMessageContaining("has formatVersion 4, this version reads 5")
        .hasMessageContaining("use the version that wrote it");
    TestLog.await(storage.close());
  }

  private static void unpack(byte[] zip, Path to) throws IOException {
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path file = to.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.write(file, in.readAllBytes());
      }
    }
  }

  /**
   * Writes the directory of {@code directory-5.zip}, in which the last changes are in the journal
   * only, as after a kill. Arguments: where to work, and where the directory is to be.
   */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]);
    LevelDbStorage storage = LevelDbStorage.create(TestLog.options(home));
    GroupStorage group = TestLog.open(storage);
    TestLog.await(
        group.write(new StorageWrite(new HardState(4, "n2"), 0, TestLog.entries(1, 3, 2, 3))));
    TestLog.await(group.close());
    group = TestLog.open(storage);
    TestLog.await(group.write(TestLog.append(4, 6, 2, 3)));
    TestLog.await(group.write(TestLog.append(7, 30, 2, 60)));
    TestLog.await(group.truncatePrefix(3));
    Path unused = Damages.copy(home, Path.of(args[1]));
    TestLog.await(storage.close());
  }
}
