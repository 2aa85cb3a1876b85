package io.vertxraft.examples.benchmark.storage;

import io.vertxraft.protocol.LogEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Measures one synced append at a time: entries per append and payload bytes from small to large. A
 * preallocated file, this storage and RocksDB take turns, append by append and in changing order,
 * so that the ratios hold on a busy machine.
 */
public final class LogBenchmark {
  private static final int[] PAYLOAD_BYTES = {16, 128, 1_024, 16_384};
  private static final int[] ENTRIES = {1, 16, 128, 1_024};
  private static final long FILE_BYTES = 64L * 1024 * 1024;
  private static final int WARM_UP_ROUNDS = 8;
  private static final int ROUNDS_MAX = 20_000;

  private LogBenchmark() {}

  /**
   * Arguments: a directory on the disk to be measured; seconds for each row (default 4); and {@code
   * direct} to call file and RocksDB on the measuring thread, not on threads of their own.
   */
  public static void main(String[] args) throws Exception {
    if (args.length < 1) {
      System.err.println("usage: LogBenchmark DIRECTORY [SECONDS-PER-ROW] [direct]");
      System.exit(2);
    }
    long nanosPerRow = (args.length > 1 ? Long.parseLong(args[1]) : 4) * 1_000_000_000L;
    boolean direct = args.length > 2 && args[2].equals("direct");
    Path directory = Files.createTempDirectory(Path.of(args[0]), "log-benchmark");
    System.out.println(
        "payload entries rounds | median us: file storage rocksdb | storage/file storage/rocksdb");
    for (int payloadBytes : PAYLOAD_BYTES) {
      for (int entries : ENTRIES) {
        Path place = Files.createDirectory(directory.resolve(payloadBytes + "-" + entries));
        try (LogUnderTest file = reached(new PlainFile(place.resolve("file"), FILE_BYTES), direct);
            LogUnderTest storage = new Storage(place.resolve("storage"));
            LogUnderTest rocks = reached(new RocksLog(place.resolve("rocksdb")), direct)) {
          measure(List.of(file, storage, rocks), payloadBytes, entries, nanosPerRow);
        }
        Measured.delete(place);
      }
    }
    Measured.delete(directory);
  }

  private static LogUnderTest reached(LogUnderTest log, boolean direct) {
    return direct ? log : new HandedOver(log);
  }

  private static void measure(List<LogUnderTest> logs, int payloadBytes, int entries, long nanos)
      throws Exception {
    long[][] spent = new long[logs.size()][ROUNDS_MAX];
    SplittableRandom random = new SplittableRandom(1);
    int rounds = -WARM_UP_ROUNDS;
    long end = System.nanoTime() + nanos;
    for (long next = 1; rounds < ROUNDS_MAX && (rounds < 3 || System.nanoTime() < end); rounds++) {
      List<LogEntry> batch = Measured.entries(next, entries, payloadBytes, random);
      for (int turn = 0; turn < logs.size(); turn++) {
        int log = Math.floorMod(turn + rounds, logs.size());
        long start = System.nanoTime();
        logs.get(log).append(batch);
        if (rounds >= 0) {
          spent[log][rounds] = System.nanoTime() - start;
        }
      }
      next += entries;
    }
    print(payloadBytes, entries, rounds, spent);
  }

  private static void print(int payloadBytes, int entries, int rounds, long[][] spent) {
    long file = Measured.median(spent[0], rounds);
    long storage = Measured.median(spent[1], rounds);
    long rocks = Measured.median(spent[2], rounds);
    System.out.printf(
        Locale.ROOT,
        "%7d %7d %6d | %15d %7d %7d | %12.2f %15.2f%n",
        payloadBytes,
        entries,
        rounds,
        file / 1_000,
        storage / 1_000,
        rocks / 1_000,
        (double) storage / file,
        (double) storage / rocks);
  }
}
