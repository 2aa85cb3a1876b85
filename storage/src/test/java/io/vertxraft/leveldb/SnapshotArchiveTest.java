package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.protocol.Configuration;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that somebody has made or changed by hand. */
class SnapshotArchiveTest {
  private static final Buffer STATE = Buffer.buffer("state ".repeat(1_000));

  @TempDir Path directory;

  private static SnapshotManifest manifest(SnapshotFile... files) {
    return new SnapshotManifest(
        "c", "g1", 42, 3, 3, Configuration.of(Set.of("n1")), Buffer.buffer(), 0, List.of(files));
  }

  private static SnapshotFile file(String name, long bytes, Buffer content) {
    return new SnapshotFile(
        name, bytes, HexFormat.of().formatHex(FileHash.sha256().digest(content.getBytes())));
  }

  private static final SnapshotFile GOOD = file("state", STATE.length(), STATE);

  private Path archive(Map<String, Buffer> entries) throws IOException {
    Path archive = directory.resolve("archive.zip");
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, Buffer> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes());
      }
    }
    return archive;
  }

  private static Map<String, Buffer> entries(SnapshotManifest manifest, Object... more) {
    Map<String, Buffer> entries = new LinkedHashMap<>();
    entries.put("manifest", manifest.encode());
    for (int i = 0; i < more.length; i += 2) {
      entries.put((String) more[i], (Buffer) more[i + 1]);
    }
    return entries;
  }

  private StorageException refusal(Path archive) {
    StorageException failure =
        catchThrowableOfType(
            StorageException.class,
            () ->
                SnapshotImport.run(
                    archive,
                    directory.resolve("member"),
                    new GroupIdentity("new", "g1", "n1"),
                    Set.of("n1")));
    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(failure)
        .hasMessageContaining(archive.toString())
        .hasMessageContaining("Use another copy, or export it again");
    assertThat(directory.resolve("member")).doesNotExist();
    return failure;
  }

  @Test
  void whatIsAsItShouldBeIsImported() throws Exception {
    Path archive = archive(entries(manifest(GOOD), "files/state", STATE));
    assertThat(SnapshotArchive.verify(archive)).isEqualTo(manifest(GOOD));
    SnapshotManifest imported =
        SnapshotImport.run(
            archive,
            directory.resolve("member"),
            new GroupIdentity("new", "g1", "n1"),
            Set.of("n1"));
    assertThat(imported.clusterId()).isEqualTo("new");
    assertThat(imported.files()).containsExactly(GOOD);
  }

  @Test
  void namesThatLeadElsewhereAreRefused() throws Exception {
    for (String name :
        List.of("../state", "files/../../state", "/state", "files\\state", "files/state/", "x")) {
      assertThat(refusal(archive(entries(manifest(GOOD), name, STATE))))
          .hasMessageContaining("the entry 'files/state' is missing");
    }
    assertThat(refusal(archive(entries(manifest(GOOD), "files/state", STATE, "../x", STATE))))
        .hasMessageContaining("an entry that its manifest does not list");
    try (Stream<Path> all = Files.walk(directory)) {
      assertThat(all.filter(Files::isRegularFile)).hasSize(1);
    }
  }

  @Test
  void aManifestCannotNameWhatLeadsElsewhere() throws Exception {
    String json = manifest(GOOD).encode().toString();
    json = json.substring(json.indexOf('\n') + 1).replace("\"state\"", "\"../state\"");
    String sha = HexFormat.of().formatHex(FileHash.sha256().digest(Buffer.buffer(json).getBytes()));
    Buffer forged = Buffer.buffer("vertx-raft-snapshot 1 " + sha + "\n" + json);
    Map<String, Buffer> entries = new LinkedHashMap<>();
    entries.put("manifest", forged);
    entries.put("files/../state", STATE);
    assertThat(refusal(archive(entries))).hasMessageContaining("'../state' is no name");
  }

  @Test
  void noMoreIsReadThanTheManifestSays() throws Exception {
    SnapshotFile shorter = file("state", 100, STATE.slice(0, 100));
    assertThat(refusal(archive(entries(manifest(shorter), "files/state", STATE))))
        .hasMessageContaining("more than its 100 bytes");
    SnapshotFile longer = file("state", 1L << 40, STATE);
    assertThat(refusal(archive(entries(manifest(longer), "files/state", STATE))))
        .hasMessageContaining("fewer than its 1099511627776 bytes");
    assertThat(
            refusal(
                archive(entries(manifest(GOOD), "files/state", STATE.copy().setByte(7, (byte) 1)))))
        .hasMessageContaining("does not have its checksum");
  }

  @Test
  void filesThatNoDirectoryCanHoldTogetherAreRefused() throws Exception {
    SnapshotManifest manifest = manifest(GOOD, file("state/x", STATE.length(), STATE));
    assertThat(refusal(archive(entries(manifest, "files/state", STATE, "files/state/x", STATE))))
        .hasMessageContaining("state/x");
  }

  @Test
  void anArchiveThatIsCutAnywhereIsRefused() throws Exception {
    Path archive = archive(entries(manifest(GOOD), "files/state", STATE));
    byte[] whole = Files.readAllBytes(archive);
    for (int bytes = 0; bytes < whole.length / 2; bytes += 7) {
      Files.write(archive, Arrays.copyOf(whole, bytes));
      refusal(archive);
    }
  }

  @Test
  void anArchiveWithoutAManifestIsRefused() throws Exception {
    assertThat(refusal(archive(Map.of("files/state", STATE))))
        .hasMessageContaining("the entry 'manifest' is missing");
    assertThat(refusal(archive(Map.of("manifest", STATE))))
        .hasMessageContaining("this is no manifest of a snapshot");
  }
}
