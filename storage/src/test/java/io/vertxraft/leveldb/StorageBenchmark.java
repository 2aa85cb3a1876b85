package io.vertxraft.leveldb;

import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Measures synced writes, one at a time: entries per write and payload bytes from small to large. A
 * plain file that is appended and synced takes turns with the storage, so that the ratio holds on a
 * busy machine.
 */
public final class StorageBenchmark {
  private static final long NANOS_EACH = 700_000_000;
  private static final int WRITES_MAX = 100_000;

  private StorageBenchmark() {}

  /** Argument: a directory on the disk to be measured. */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(args[0]), "storage-benchmark");
    System.out.println("payload entries/write | p50 us  p99 us  entries/s | file p50 us  ratio");
    for (int payloadBytes : new int[] {16, 128, 1_024}) {
      for (int entries : new int[] {1, 16, 128, 1_024}) {
        Path place = directory.resolve(payloadBytes + "-" + entries);
        LevelDbStorage storage = LevelDbStorage.create(TestLog.options(place));
        try (FileChannel file =
            FileChannel.open(
                directory.resolve("plain"),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
          measure(TestLog.open(storage), file, payloadBytes, entries);
        }
        TestLog.await(storage.close());
      }
    }
    delete(directory);
  }

  private static void measure(GroupStorage group, FileChannel file, int payloadBytes, int entries)
      throws Exception {
    long[] nanos = new long[WRITES_MAX];
    long[] fileNanos = new long[WRITES_MAX];
    int writes = 0;
    long next = 1;
    long spent = 0;
    while (spent < NANOS_EACH && writes < WRITES_MAX) {
      StorageWrite write = TestLog.append(next, next + entries - 1, 1, payloadBytes);
      long start = System.nanoTime();
      TestLog.await(group.write(write));
      nanos[writes] = System.nanoTime() - start;
      fileNanos[writes] = append(file, write);
      next += entries;
      spent += nanos[writes++];
    }
    long p50 = quantile(nanos, writes, 0.5);
    long fileP50 = quantile(fileNanos, writes, 0.5);
    System.out.printf(
        "%7d %13d | %6d %7d %10.0f | %11d %6.2f%n",
        payloadBytes,
        entries,
        p50 / 1_000,
        quantile(nanos, writes, 0.99) / 1_000,
        (double) writes * entries * 1e9 / spent,
        fileP50 / 1_000,
        (double) p50 / fileP50);
  }

  private static long append(FileChannel file, StorageWrite write) throws IOException {
    ByteBuffer all =
        ByteBuffer.allocate(write.entries().stream().mapToInt(LogEntry::encodedBytes).sum());
    write.entries().forEach(entry -> all.put(entry.encoded()));
    all.flip();
    long start = System.nanoTime();
    while (all.hasRemaining()) {
      file.write(all);
    }
    file.force(false);
    return System.nanoTime() - start;
  }

  private static long quantile(long[] nanos, int count, double quantile) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[(int) (count * quantile)];
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
