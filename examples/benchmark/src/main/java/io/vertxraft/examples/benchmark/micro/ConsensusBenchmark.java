package io.vertxraft.examples.benchmark.micro;

import io.vertxraft.protocol.EntryCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A batch of commands of 128 B through three cores, from proposal to commitment, without I/O. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ConsensusBenchmark {
  private static final int PAYLOAD_BYTES = 128;

  /** Commands proposed together. */
  @Param({"1", "64", "512"})
  public int commands;

  private final CoreGroup group = new CoreGroup();

  /** The time is that of the whole batch. */
  @Benchmark
  public long aBatchThroughThreeCores() {
    List<byte[]> batch = new ArrayList<>(commands);
    for (int i = 0; i < commands; i++) {
      batch.add(EntryCodec.allocate(PAYLOAD_BYTES));
    }
    return group.commit(batch);
  }
}
