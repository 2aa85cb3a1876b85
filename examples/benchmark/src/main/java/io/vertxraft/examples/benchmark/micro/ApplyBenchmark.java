package io.vertxraft.examples.benchmark.micro;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.Member;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftVerticle;
import io.vertxraft.StateMachine;
import io.vertxraft.testkit.LocalNetwork;
import io.vertxraft.testkit.MemoryStorage;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * A batch of commands of 128 B through a node that is alone, with a storage in memory: what a
 * command costs beside disk and network, from the call over the core and the applier to the state
 * machine and back to the caller. The applier cannot be had without a node, so that it is measured
 * here with what is around it; {@link ConsensusBenchmark} has the share of the core.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class ApplyBenchmark {
  private static final int PAYLOAD_BYTES = 128;
  private static final long WAIT_SECONDS = 60;
  private static final Buffer OK = Buffer.buffer("ok");

  /** Commands given together. */
  @Param({"1", "64", "512"})
  public int commands;

  private final Buffer command = Buffer.buffer(new byte[PAYLOAD_BYTES]);
  private Vertx vertx;
  private Context caller;
  private RaftNode node;

  /** Answers, and nothing else. */
  private static final class Answering implements StateMachine {
    @Override
    public Future<List<Buffer>> apply(List<Command> batch) {
      return Future.succeededFuture(Collections.nCopies(batch.size(), OK));
    }

    @Override
    public Future<Buffer> query(Buffer query) {
      return Future.succeededFuture(OK);
    }
  }

  /** A new node for each iteration, since its log, which nobody cuts, is in memory. */
  @Setup(Level.Iteration)
  public void start() throws Exception {
    vertx = Vertx.vertx();
    caller = vertx.getOrCreateContext();
    RaftOptions options =
        new RaftOptions().setNodeId("n1").setMembers(List.of(new Member("n1", "localhost", 1)));
    RaftVerticle verticle =
        new RaftVerticle(
            options, new Answering(), new MemoryStorage(), new LocalNetwork().transport());
    await(vertx.deployVerticle(verticle));
    node = verticle.node();
    while (!await(node.status()).isLeaderReady()) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** The time is that of the whole batch. */
  @Benchmark
  public long aBatchThroughOneNode() throws InterruptedException {
    CountDownLatch answers = new CountDownLatch(commands);
    caller.runOnContext(
        ignored -> {
          for (int i = 0; i < commands; i++) {
            node.apply(command).onSuccess(answer -> answers.countDown());
          }
        });
    if (!answers.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(answers.getCount() + " commands have no answer");
    }
    return answers.getCount();
  }

  /** Ends it. */
  @TearDown(Level.Iteration)
  public void stop() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
  }
}
