package io.vertxraft.leveldb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** what is written to a segment stands there, whatever way it took. */
class SegmentFileTest {
  private static final int SEGMENT_BYTES = 8 * 1024 * 1024;
  private static final int SMALL = 700;
  private static final int PAST_CACHE = SegmentFile.DIRECT_WRITE_BYTES;
  private static final int LARGE = SegmentFile.LARGE_WRITE_BYTES;

  @TempDir Path directory;

  /** What has been written, to be compared with. */
  private final ByteBuffer expected = ByteBuffer.allocate(SEGMENT_BYTES);

  private final Random random = new Random(7);

  private SegmentFile create(SegmentFiles files) throws IOException {
    return files.create(1, SegmentFile.pages());
  }

  private void write(SegmentFile file, int... parts) throws IOException {
    file.begin(Arrays.stream(parts).sum());
    for (int length : parts) {
      byte[] part = new byte[length];
      random.nextBytes(part);
      file.put(part);
      expected.put(part);
    }
    file.end();
    file.sync();
    assertThat(file.position()).isEqualTo(expected.position());
  }

  private byte[] written() {
    return Arrays.copyOf(expected.array(), expected.position());
  }

  private byte[] found(int length) throws IOException {
    byte[] all = Files.readAllBytes(SegmentFiles.segment(directory, 1));
    return Arrays.copyOf(all, length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, SMALL, 4096, 4097, PAST_CACHE - 1, PAST_CACHE, LARGE, 1024 * 1024})
  void writesOfEachSizeStandBehindSmallOnes(int size) throws IOException {
    try (SegmentFiles files = new SegmentFiles(directory, SEGMENT_BYTES);
        SegmentFile file = create(files)) {
      write(file, 512);
      write(file, 20, size);
      write(file, SMALL);
      write(file, size);
      write(file, size);
      write(file, SMALL);
      assertThat(found(expected.position())).isEqualTo(written());
    }
  }

  @Test
  void aWriteLargerThanTheMemoryForItGoesThroughThatInPieces() throws IOException {
    try (SegmentFiles files = new SegmentFiles(directory, SEGMENT_BYTES);
        SegmentFile file = create(files)) {
      write(file, SMALL, 3 * 1024 * 1024 + 17, 5);
      write(file, SMALL);
      assertThat(found(expected.position())).isEqualTo(written());
    }
  }

  @Test
  void behindAWriteThePageIsZeroWhateverTheFileHadThere() throws IOException {
    byte[] earlier = new byte[SEGMENT_BYTES];
    Arrays.fill(earlier, (byte) 'x');
    Files.write(directory.resolve("spare-1"), earlier);
    try (SegmentFiles files = new SegmentFiles(directory, SEGMENT_BYTES);
        SegmentFile file = create(files)) {
      for (int size : new int[] {SMALL, PAST_CACHE, SMALL}) {
        write(file, size);
        int pages = (expected.position() + 4095) / 4096 * 4096;
        byte[] found = found(SEGMENT_BYTES);
        assertThat(Arrays.copyOf(found, pages)).isEqualTo(Arrays.copyOf(expected.array(), pages));
        assertThat(Arrays.copyOfRange(found, pages, SEGMENT_BYTES)).containsOnly('x');
      }
    }
  }

  @Test
  void beforeSmallWritesAFileGrowsAheadAndBeforeLargeOnesItDoesNot() throws IOException {
    Path path = SegmentFiles.segment(directory, 1);
    try (SegmentFiles files = new SegmentFiles(directory, SEGMENT_BYTES);
        SegmentFile file = create(files)) {
      write(file, SMALL);
      long ahead = Files.size(path);
      assertThat(ahead).isEqualTo(1024 * 1024);
      write(file, SMALL);
      assertThat(Files.size(path)).isEqualTo(ahead);
      assertThat(file.hasLargeWrites()).isFalse();

      write(file, 1024 * 1024);
      assertThat(Files.size(path)).isLessThan(expected.position() + 4096);
      assertThat(file.hasLargeWrites()).isTrue();

      file.truncate();
      assertThat(Files.size(path)).isEqualTo(expected.position());
    }
  }

  @Test
  void aFileThatWasUsedBeforeKeepsItsSize() throws IOException {
    Files.write(directory.resolve("spare-1"), new byte[SEGMENT_BYTES]);
    try (SegmentFiles files = new SegmentFiles(directory, SEGMENT_BYTES);
        SegmentFile file = create(files)) {
      write(file, SMALL);
      write(file, LARGE);
      assertThat(Files.size(SegmentFiles.segment(directory, 1))).isEqualTo(SEGMENT_BYTES);
    }
  }

  private SegmentFile open(SegmentFile.Opener opener) throws IOException {
    Path path = SegmentFiles.segment(directory, 1);
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return new SegmentFile(path, channel, SegmentFile.pages(), SEGMENT_BYTES, opener);
  }

  private static FileChannel notAtAll(Path path) {
    throw new UnsupportedOperationException("no writes past the cache to " + path);
  }

  private static FileChannel onlyOpened(Path path) throws IOException {
    // Every write fails.
    return FileChannel.open(path, StandardOpenOption.READ);
  }

  static List<SegmentFile.Opener> fileSystemsWithoutWritesPastTheCache() {
    return List.of(SegmentFileTest::notAtAll, SegmentFileTest::onlyOpened);
  }

  @ParameterizedTest
  @MethodSource("fileSystemsWithoutWritesPastTheCache")
  void whereNothingCanBeWrittenPastTheCacheAllGoesThroughIt(SegmentFile.Opener opener)
      throws IOException {
    try (SegmentFile file = open(opener)) {
      write(file, SMALL);
      write(file, PAST_CACHE, 2 * 1024 * 1024);
      write(file, SMALL);
      write(file, LARGE);
      assertThat(found(expected.position())).isEqualTo(written());
    }
  }

  @Test
  void behindAWriteThatWasBrokenOffThereIsNoOther() throws IOException {
    try (SegmentFile file = open(SegmentFileTest::notAtAll)) {
      write(file, SMALL);
      file.begin(SMALL);
      file.put(new byte[20]);
      assertThatThrownBy(() -> file.begin(SMALL))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("was broken off");
    }
  }

  @Test
  void afterASyncThatFailedNoneSucceeds() throws IOException {
    SegmentFile file = open(SegmentFileTest::notAtAll);
    write(file, SMALL);
    file.begin(SMALL);
    file.put(new byte[SMALL]);
    file.end();
    file.close();
    assertThatThrownBy(file::sync).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(file::sync)
        .hasMessageContaining("an earlier sync of")
        .hasCauseInstanceOf(ClosedChannelException.class);
  }
}
