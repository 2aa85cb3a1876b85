package io.vertxraft.examples.benchmark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is measured writes what it is given. */
class LogsUnderTestTest {
  @TempDir Path directory;

  @Test
  void thePlainFileHoldsTheEntriesInARow() throws Exception {
    var entries = Measured.entries(1, 3, 10, new SplittableRandom(1));
    Path path = directory.resolve("file");
    try (LogUnderTest file = new PlainFile(path, 1024 * 1024)) {
      file.append(entries.subList(0, 2));
      file.append(entries.subList(2, 3));
    }
    assertThat(Files.size(path)).isEqualTo(1024 * 1024);
    byte[] start = Arrays.copyOfRange(Files.readAllBytes(path), 68, 102);
    assertThat(start).isEqualTo(entries.get(2).encoded());
  }

  @Test
  void theStorageFindsItsEntriesAgain() throws Exception {
    RestartBenchmark.main(new String[] {"write", directory.toString(), "2000", "16"});
    try (Storage storage = new Storage(directory)) {
      assertThat(storage.group().recovered().lastIndex()).isEqualTo(2_000);
    }
  }

  @Test
  void rocksDbFindsItsEntriesAgain() throws Exception {
    var entries = Measured.entries(1, 3, 10, new SplittableRandom(1));
    try (LogUnderTest rocks = new RocksLog(directory)) {
      rocks.append(entries);
    }
    try (LogUnderTest rocks = new RocksLog(directory)) {
      assertThat(rocks.name()).isEqualTo("rocksdb");
    }
  }
}
