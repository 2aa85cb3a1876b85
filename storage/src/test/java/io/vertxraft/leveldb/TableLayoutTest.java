package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.HardState;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageWrite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that grows is written to tables once, and LevelDB never merges them. */
class TableLayoutTest {
  private static final int BUFFER_BYTES = 128 * 1024;
  private static final int BUFFERS = 24;

  @TempDir Path directory;

  /** Merged tables have up to 2 MiB; those as they were flushed have no more than the buffer. */
  @Test
  void appendsLeaveTablesAsTheyWereFlushed() throws Exception {
    LevelDbStorage storage =
        LevelDbStorage.create(
            TestLog.options(directory)
                .setWriteBufferBytes(BUFFER_BYTES)
                .longRunBytes(Integer.MAX_VALUE));
    GroupStorage group = TestLog.open(storage);
    TestLog.await(group.write(new StorageWrite(new HardState(1, "n1"), 0, List.of())));
    for (long index = 1; index <= BUFFERS * 128; index += 16) {
      TestLog.await(group.write(TestLog.append(index, index + 15, 1, 1_000)));
      // What is read has entered the database: so it gets as much at a time each time.
      assertThat(TestLog.await(group.read(index, index + 15, 1))).isNotEmpty();
    }
    TestLog.await(storage.close());
    List<Path> tables = Damages.files(directory, "sst");
    assertThat(tables).hasSizeBetween(BUFFERS - 2, BUFFERS + 6);
    for (Path table : tables) {
      assertThat(Files.size(table)).as("%s", table).isLessThan(BUFFER_BYTES * 5 / 4);
    }
  }
}
