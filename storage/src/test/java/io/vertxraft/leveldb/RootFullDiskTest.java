package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** a full disk does not end the process, and a library on a noexec file system is named. */
@Tag("root")
class RootFullDiskTest {
  private static final int MIB = 1024 * 1024;

  @TempDir Path directory;
  private Path disk;

  @BeforeEach
  void mountASmallDisk() throws Exception {
    Shell.assumeRoot("mount", "umount");
    disk = Files.createDirectory(directory.resolve("disk"));
    Shell.assumeWorks("mount", "-t", "tmpfs", "-o", "size=192m,noexec", "tmpfs", disk.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null && Files.exists(disk)) {
      Shell.run("umount", disk.toString());
    }
  }

  @Test
  void theProcessSurvivesAFullDiskAndGoesOnWhenThereIsRoom() throws Exception {
    Path ballast = disk.resolve("ballast");
    try (OutputStream out = Files.newOutputStream(ballast)) {
      for (int i = 0; i < 80; i++) {
        out.write(new byte[MIB]);
      }
    }
    Path data = disk.resolve("data");
    Process writer =
        ChildJvm.start(
            List.of("-XX:ErrorFile=" + directory.resolve("hs_err")),
            FillingWriter.class,
            data.toString(),
            directory.resolve("native").toString());
    long lastBefore = 0;
    long lastAfter = 0;
    try (BufferedReader lines = writer.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
          case "FULL" -> {
            lastBefore = Long.parseLong(words[1]);
            Files.delete(ballast);
          }
          case "AGAIN" -> lastAfter = Long.parseLong(words[1]);
          default -> throw new AssertionError(line);
        }
      }
    }
    assertThat(writer.waitFor()).isZero();
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith("hs_err")))
          .isEmpty();
    }
    assertThat(lastBefore).isPositive();
    assertThat(lastAfter).isGreaterThan(lastBefore);
    LevelDbStorage storage = LevelDbStorage.create(FillingWriter.options(data, directory));
    assertThat(TestLog.open(storage).recovered().lastIndex()).isEqualTo(lastAfter);
    TestLog.await(storage.close());
  }

  @Test
  void directoriesThatAreMountedNoexecAreNamedWithTheWayOut() throws Exception {
    Process probe =
        ChildJvm.start(
            List.of("-Djava.io.tmpdir=" + disk),
            FillingWriter.class,
            disk.resolve("data").toString(),
            disk.resolve("lib").toString());
    try (BufferedReader lines = probe.inputReader()) {
      assertThat(lines.readLine())
          .contains("UNSUPPORTED_PLATFORM", "noexec", "nativeLibraryDirectory");
    } finally {
      probe.destroyForcibly();
    }
    probe.waitFor();
  }

  @Test
  void aDiskThatIsFullAtTheStartIsRefused() throws Exception {
    try (OutputStream out = Files.newOutputStream(disk.resolve("ballast"))) {
      for (int i = 0; i < 140; i++) {
        out.write(new byte[MIB]);
      }
    }
    LevelDbStorage storage =
        LevelDbStorage.create(FillingWriter.options(disk.resolve("data"), directory));
    StorageException refusal =
        catchThrowableOfType(StorageException.class, () -> TestLog.open(storage));
    TestLog.await(storage.close());
    assertThat(refusal.kind()).isEqualTo(Kind.DISK_FULL);
  }
}
