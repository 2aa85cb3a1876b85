package io.vertxraft.leveldb;

import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.StorageWrite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures what a run of entries in one record is worth against one record per entry: both take
 * turns with synced writes, and then both logs are opened once more.
 */
public final class LayoutBenchmark {
  private static final int ROUNDS_MAX = 20_000;
  private static final long NANOS_PER_ROW = 4_000_000_000L;

  private LayoutBenchmark() {}

  /** Argument: a directory on the disk to be measured. */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(args[0]), "layout-benchmark");
    System.out.println(
        "payload entries | write us: single  runs  ratio | open ns/entry: single runs");
    for (int payloadBytes : new int[] {16, 128, 1_024}) {
      for (int entries : new int[] {1, 16, 128, 1_024}) {
        measure(directory.resolve(payloadBytes + "-" + entries), payloadBytes, entries);
      }
    }
    DataDirectory.deleteTree(directory);
  }

  private static void measure(Path place, int payloadBytes, int entries) throws Exception {
    List<LevelDbOptions> layouts =
        List.of(
            TestLog.options(place.resolve("single")).runEntriesMax(1),
            TestLog.options(place.resolve("runs")));
    List<LevelDbStorage> storages = layouts.stream().map(LevelDbStorage::create).toList();
    List<GroupStorage> groups =
        List.of(TestLog.open(storages.get(0)), TestLog.open(storages.get(1)));
    long[][] spent = new long[2][ROUNDS_MAX];
    int rounds = -8;
    long next = 1;
    for (long end = System.nanoTime() + NANOS_PER_ROW;
        rounds < ROUNDS_MAX && (rounds < 3 || System.nanoTime() < end);
        rounds++) {
      StorageWrite write = TestLog.append(next, next + entries - 1, 1, payloadBytes);
      for (int turn = 0; turn < 2; turn++) {
        int layout = Math.floorMod(turn + rounds, 2);
        long start = System.nanoTime();
        TestLog.await(groups.get(layout).write(write));
        if (rounds >= 0) {
          spent[layout][rounds] = System.nanoTime() - start;
        }
      }
      next += entries;
    }
    TestLog.await(storages.get(0).close());
    TestLog.await(storages.get(1).close());
    long single = median(spent[0], rounds);
    long runs = median(spent[1], rounds);
    System.out.printf(
        Locale.ROOT,
        "%7d %7d | %16d %5d %6.2f | %21d %4d%n",
        payloadBytes,
        entries,
        single / 1_000,
        runs / 1_000,
        (double) runs / single,
        open(layouts.get(0)) / next,
        open(layouts.get(1)) / next);
    DataDirectory.deleteTree(place);
  }

  /** The fastest of three. */
  private static long open(LevelDbOptions options) throws Exception {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      LevelDbStorage storage = LevelDbStorage.create(options);
      long start = System.nanoTime();
      TestLog.open(storage);
      best = Math.min(best, System.nanoTime() - start);
      TestLog.await(storage.close());
    }
    return best;
  }

  private static long median(long[] nanos, int count) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }
}
