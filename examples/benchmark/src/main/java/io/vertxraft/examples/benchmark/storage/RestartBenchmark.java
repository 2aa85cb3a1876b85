package io.vertxraft.examples.benchmark.storage;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Measures how long a storage with a long log takes until it is checked and open: {@code write}
 * first, then {@code open} in a process of its own, as after a restart.
 */
public final class RestartBenchmark {
  private static final int ENTRIES_PER_APPEND = 1_024;

  private RestartBenchmark() {}

  /** Arguments: {@code write DIRECTORY ENTRIES PAYLOAD-BYTES} or {@code open DIRECTORY}. */
  public static void main(String[] args) {
    if (args.length == 4 && args[0].equals("write")) {
      write(Path.of(args[1]), Long.parseLong(args[2]), Integer.parseInt(args[3]));
    } else if (args.length == 2 && args[0].equals("open")) {
      open(Path.of(args[1]));
    } else {
      System.err.println(
          "usage: RestartBenchmark write DIRECTORY ENTRIES PAYLOAD-BYTES | open DIRECTORY");
      System.exit(2);
    }
  }

  private static void write(Path directory, long entries, int payloadBytes) {
    SplittableRandom random = new SplittableRandom(1);
    try (Storage storage = new Storage(directory)) {
      for (long next = 1; next <= entries; next += ENTRIES_PER_APPEND) {
        int count = (int) Math.min(ENTRIES_PER_APPEND, entries - next + 1);
        storage.append(Measured.entries(next, count, payloadBytes, random));
      }
    }
  }

  private static void open(Path directory) {
    long start = System.nanoTime();
    try (Storage storage = new Storage(directory)) {
      long openMillis = (System.nanoTime() - start) / 1_000_000;
      System.out.printf(
          Locale.ROOT,
          "%d entries are checked and open after %d ms, %d ms after the start of the JVM%n",
          storage.group().recovered().lastIndex(),
          openMillis,
          System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime());
    }
  }
}
