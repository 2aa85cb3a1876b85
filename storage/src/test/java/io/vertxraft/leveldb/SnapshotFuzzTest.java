package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Whatever bytes a manifest or an archive has, it is read as what was written or refused with a
 * typed error. Replays the inputs under {@code resources}; with {@code JAZZER_FUZZ=1} it looks for
 * more.
 */
class SnapshotFuzzTest {
  private static final String HEADER = "vertx-raft-snapshot 1 ";

  @FuzzTest
  void aManifestDecodesToItselfOrIsRefused(byte[] bytes) {
    decode(Buffer.buffer(bytes));
  }

  /** With the right checksum, which no fuzzer finds. */
  @FuzzTest
  void theJsonOfAManifestDecodesToItselfOrIsRefused(byte[] json) {
    decode(sealed(json));
  }

  private static Buffer sealed(byte[] json) {
    String sha256 = HexFormat.of().formatHex(FileHash.sha256().digest(json));
    return Buffer.buffer(HEADER + sha256 + "\n").appendBytes(json);
  }

  private static SnapshotManifest decode(Buffer encoded) {
    try {
      SnapshotManifest manifest = SnapshotManifest.decode(encoded);
      assertThat(SnapshotManifest.decode(manifest.encode())).isEqualTo(manifest);
      return manifest;
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return null;
    }
  }

  @FuzzTest
  void anArchiveIsReadOrRefused(byte[] archive) throws IOException {
    read(archive);
  }

  /** A well-formed zip file with an intact manifest and entries of any order, name and content. */
  @FuzzTest
  void aZipFileIsReadOrRefused(FuzzedDataProvider data) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      Set<String> names = new HashSet<>();
      for (int i = 0; i < 4 && data.remainingBytes() > 0; i++) {
        String name =
            switch (data.consumeInt(0, 3)) {
              case 0 -> "manifest";
              case 1 -> "files/state";
              case 2 -> "files/dir/empty";
              default -> data.consumeAsciiString(40);
            };
        if (names.add(name)) {
          zip.putNextEntry(new ZipEntry(name));
          zip.write(
              name.equals("manifest")
                  ? Exported.MANIFEST.encode().getBytes()
                  : data.consumeBytes(10));
        }
      }
    }
    read(bytes.toByteArray());
  }

  private static void read(byte[] archive) throws IOException {
    Map<SnapshotFile, Long> given = new HashMap<>();
    SnapshotArchive.Sink sink =
        new SnapshotArchive.Sink() {
          @Override
          public void manifest(SnapshotManifest manifest) {
            manifest.files().forEach(file -> given.put(file, 0L));
          }

          @Override
          public void write(SnapshotFile file, Buffer piece) {
            given.merge(file, (long) piece.length(), Long::sum);
            assertThat(given.get(file)).isLessThanOrEqualTo(file.bytes());
          }
        };
    try {
      SnapshotManifest manifest =
          SnapshotArchive.read(new ByteArrayInputStream(archive), "archive", sink);
      manifest.files().forEach(file -> assertThat(given.get(file)).isEqualTo(file.bytes()));
    } catch (StorageException e) {
      assertThat(e).hasMessageContaining("'archive' is no intact archive of a snapshot");
    }
  }
}
