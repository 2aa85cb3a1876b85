package io.vertxraft.examples.benchmark.storage;

import io.vertxraft.protocol.LogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One synced append of entries of 128 B through the storage's writer, in the directory for
 * temporary files.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LogWriteBenchmark {
  private static final int PAYLOAD_BYTES = 128;

  /** Entries appended together. */
  @Param({"1", "64", "512"})
  public int entries;

  private final SplittableRandom random = new SplittableRandom(1);
  private Path directory;
  private Storage storage;
  private long next = 1;

  /** Opens an empty storage. */
  @Setup
  public void open() throws IOException {
    directory = Files.createTempDirectory("raft-bench-");
    storage = new Storage(directory.resolve("storage"));
  }

  /** The time is that of the whole batch. */
  @Benchmark
  public long appendSynced() {
    List<LogEntry> batch = Measured.entries(next, entries, PAYLOAD_BYTES, random);
    storage.append(batch);
    next += entries;
    return next;
  }

  /** Deletes it. */
  @TearDown
  public void delete() throws IOException {
    storage.close();
    Measured.delete(directory);
  }
}
