package io.vertxraft.examples.demo;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Consistency;
import io.vertxraft.RaftNode;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * Measures commands or reads per second through three members in one JVM: real gRPC, real LevelDB,
 * every commit synced by a majority, a state machine that does nothing. The load is closed-loop: a
 * fixed number of commands or reads is always in flight, at the leader or, for reads, at a follower
 * if asked for. With several kinds they take turns, round by round.
 */
@CommandLine.Command(
    name = "throughput",
    mixinStandardHelpOptions = true,
    description = "Commands and reads per second through members in one JVM, synced to disk.")
public final class ThroughputBenchmark implements Callable<Integer> {
  @Option(
      names = "--members",
      defaultValue = "3",
      description = "Members of the group (${DEFAULT-VALUE}).")
  private int members;

  @Option(
      names = "--in-flight",
      defaultValue = "1024",
      description = "Commands in flight (${DEFAULT-VALUE}).")
  private int inFlight;

  @Option(
      names = "--bytes",
      defaultValue = "128",
      description = "Bytes of a command (${DEFAULT-VALUE}).")
  private int commandBytes;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "Length of a round (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Rounds after one round of warm-up (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--kinds",
      split = ",",
      defaultValue = "WRITE",
      description = "What to measure: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private List<Kind> kinds;

  @Option(
      names = "--at-follower",
      description = "Ask a follower instead of the leader; commands go to the leader anyway.")
  private boolean atFollower;

  /** What is in flight. */
  enum Kind {
    WRITE(null),
    LINEARIZABLE(Consistency.LINEARIZABLE),
    LEASE(Consistency.LEASE),
    LOCAL(Consistency.LOCAL);

    private final Consistency consistency;

    Kind(Consistency consistency) {
      this.consistency = consistency;
    }

    Future<Buffer> ask(RaftNode node, Buffer command) {
      return consistency == null ? node.apply(command) : node.read(consistency, command);
    }
  }

  private final PrintStream out = System.out;

  private ThroughputBenchmark() {}

  /** See {@code --help}. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ThroughputBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    try (WorkDirectory directory = WorkDirectory.create()) {
      measure(directory.path());
    }
    return 0;
  }

  private void measure(Path directory) throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      List<RaftNode> nodes = BenchmarkGroup.start(vertx, directory, members);
      RaftNode leader = BenchmarkGroup.awaitLeader(nodes);
      out.printf(
          Locale.ROOT,
          "%d members, %d B, %d in flight, leader %s%n",
          members,
          commandBytes,
          inFlight,
          leader.nodeId());
      RaftNode follower = nodes.get((nodes.indexOf(leader) + 1) % nodes.size());
      for (int round = 0; round <= rounds; round++) {
        for (Kind kind : kinds) {
          Load load = new Load(atFollower && kind != Kind.WRITE ? follower : leader, kind);
          vertx.deployVerticle(load).await();
          load.finished.future().await();
          load.print(round == 0 ? "warm-up" : "round " + round);
        }
      }
    } finally {
      vertx.close().await(30, TimeUnit.SECONDS);
    }
  }

  /** Keeps the commands in flight, on a context of its own. */
  private final class Load extends VerticleBase {
    final Promise<Void> finished = Promise.promise();
    private final Histogram latency = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
    private final RaftNode node;
    private final Kind kind;
    private final Buffer command = Buffer.buffer(new byte[commandBytes]);
    private final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    private long applied;
    private long failed;
    private int outstanding;

    Load(RaftNode node, Kind kind) {
      this.node = node;
      this.kind = kind;
    }

    @Override
    public Future<?> start() {
      for (int i = 0; i < inFlight; i++) {
        next();
      }
      return Future.succeededFuture();
    }

    private void next() {
      long sent = System.nanoTime();
      outstanding++;
      kind.ask(node, command)
          .onComplete(
              done -> {
                outstanding--;
                if (done.succeeded()) {
                  applied++;
                  latency.recordValue((System.nanoTime() - sent) / 1_000);
                } else {
                  failed++;
                }
                if (System.nanoTime() - end < 0) {
                  next();
                } else if (outstanding == 0) {
                  finished.complete();
                }
              });
    }

    void print(String name) {
      out.printf(
          Locale.ROOT,
          "%-8s %-12s %,9.0f /s  p50 %.2f ms  p99 %.2f ms  p99.9 %.2f ms  failed %d%n",
          name,
          kind,
          applied / (double) seconds,
          latency.getValueAtPercentile(50) / 1_000.0,
          latency.getValueAtPercentile(99) / 1_000.0,
          latency.getValueAtPercentile(99.9) / 1_000.0,
          failed);
    }
  }
}
