package io.vertxraft.examples.benchmark.micro;

import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
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
import org.openjdk.jmh.annotations.Warmup;

/** Entries into bytes and back, with their checksums. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EntryBenchmark {
  /** Bytes of the command. */
  @Param({"16", "128", "1024", "16384"})
  public int payloadBytes;

  private final EntryCodec codec = new EntryCodec("bench");
  private byte[] payload;
  private byte[] encoded;

  /** Makes the command, and an entry of it. */
  @Setup
  public void encodeOne() {
    payload = new byte[payloadBytes];
    encoded = codec.encode(1, 1, EntryType.COMMAND, payload).encoded();
  }

  /** As the leader does once per command. */
  @Benchmark
  public LogEntry encode() {
    return codec.encode(7, 3, EntryType.COMMAND, payload);
  }

  /** As a follower does with what it receives. */
  @Benchmark
  public LogEntry decode() {
    return codec.decode(encoded);
  }
}
