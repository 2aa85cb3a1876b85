package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
  @TempDir Path directory;

  @Test
  void aPlatformWithoutALibraryIsToldSoAndTheDirectoryIsNotKeptLocked() throws Exception {
    // The library cannot be unpacked where a file stands in the place of the directory.
    Path file = Files.createFile(directory.resolve("file"));
    Process process =
        ChildJvm.start(
            List.of("-Djava.io.tmpdir=" + file, "-Dlibrary.leveldbjni.path=" + file),
            LockProbe.class,
            directory.resolve("data").toString());
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    assertThat(said.strip()).isEqualTo("UNSUPPORTED_PLATFORM");
    assertThat(LockProbe.probe(directory.resolve("data").toString())).isEqualTo("OPENED");
  }

  @Test
  void theMessageNamesThePlatformAndTheWaysOut() {
    assertThat(StorageErrors.of(directory, "Opening", new UnsatisfiedLinkError("no such library")))
        .hasMessageContaining(System.getProperty("os.arch"))
        .hasMessageContaining("arm64")
        .hasMessageContaining("-Dlibrary.leveldbjni.path")
        .hasMessageContaining("no such library");
  }
}
