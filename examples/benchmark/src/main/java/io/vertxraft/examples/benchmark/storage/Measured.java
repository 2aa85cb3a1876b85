package io.vertxraft.examples.benchmark.storage;

import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** What measurements share. */
final class Measured {
  private Measured() {}

  /** Fresh entries with random payloads. */
  static List<LogEntry> entries(long from, int count, int payloadBytes, SplittableRandom random) {
    EntryCodec codec = new EntryCodec(Storage.GROUP.groupId());
    List<LogEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] payload = new byte[payloadBytes];
      random.nextBytes(payload);
      entries.add(codec.encode(from + i, 1, EntryType.COMMAND, payload));
    }
    return entries;
  }

  static long median(long[] values, int count) {
    long[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
