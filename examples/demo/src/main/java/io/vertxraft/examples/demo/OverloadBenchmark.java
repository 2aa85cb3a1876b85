package io.vertxraft.examples.demo;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftNode;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * Measures what becomes of three members in one JVM when far more commands are offered than they
 * can take: first the most they take in a closed loop, then a multiple of it in an open
 * loop, then how soon they are as before.
 */
@CommandLine.Command(
    name = "overload",
    mixinStandardHelpOptions = true,
    description = "Many times more commands than three members can take.")
public final class OverloadBenchmark implements Callable<Integer> {
  private static final int TICKS_PER_SECOND = 1_000;

  @Option(
      names = "--times",
      defaultValue = "10",
      description = "How many times the most is offered (${DEFAULT-VALUE}).")
  private int times;

  @Option(
      names = "--seconds",
      defaultValue = "60",
      description = "For how long (${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--bytes",
      defaultValue = "128",
      description = "Bytes of a command (${DEFAULT-VALUE}).")
  private int commandBytes;

  @Option(
      names = "--in-flight",
      defaultValue = "4096",
      description = "Commands in flight in the closed loops (${DEFAULT-VALUE}).")
  private int inFlight;

  private final PrintStream out = System.out;

  private OverloadBenchmark() {}

  /** See {@code --help}. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new OverloadBenchmark()).execute(arguments));
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
      List<RaftNode> nodes = BenchmarkGroup.start(vertx, directory, 3);
      RaftNode leader = BenchmarkGroup.awaitLeader(nodes);
      long term = leader.status().await().getTerm();
      nodes.forEach(this::printTrouble);
      run(vertx, new Load(leader, "warm-up", 20, 0));
      double most = run(vertx, new Load(leader, "closed loop", 10, 0)).perSecond();
      double accepted = run(vertx, new Load(leader, "overload", seconds, times * most)).perSecond();
      double after = run(vertx, new Load(leader, "1 s after", 1, 0)).perSecond();
      out.printf(
          Locale.ROOT,
          "accepted while overloaded: %.2f x of the most, in the second after it %.2f x;"
              + " elections: %d%n",
          accepted / most,
          after / most,
          BenchmarkGroup.awaitLeader(nodes).status().await().getTerm() - term);
    } finally {
      vertx.close().await(30, TimeUnit.SECONDS);
    }
  }

  /** Changes of role and faults: in a run without trouble there are none. */
  private void printTrouble(RaftNode node) {
    node.events()
        .handler(
            event -> {
              switch (event.getType()) {
                case ROLE_CHANGED, FOLLOWER_CHANGED, FAULT -> out.println(event);
                default -> {}
              }
            });
  }

  private Load run(Vertx vertx, Load load) throws Exception {
    vertx.deployVerticle(load).await();
    load.finished.future().await();
    load.print();
    return load;
  }

  /** What the collector could not free when it last looked, in MiB. */
  private static long heapAfterCollection() {
    long bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null) {
        bytes += pool.getCollectionUsage().getUsed();
      }
    }
    return bytes >> 20;
  }

  /** Offers commands from a context of its own: at a rate, or as soon as others are answered. */
  private final class Load extends VerticleBase {
    final Promise<Void> finished = Promise.promise();
    private final Histogram latency = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
    private final Histogram rejection = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    private final RaftNode node;
    private final String name;
    private final int lasts;
    private final double rate;
    private final Buffer command = Buffer.buffer(new byte[commandBytes]);
    private long begun;
    private long offered;
    private long applied;
    private long rejected;
    private long otherwise;
    private long outstanding;
    private long heapMin = Long.MAX_VALUE;
    private long heapMax;

    Load(RaftNode node, String name, int lasts, double rate) {
      this.node = node;
      this.name = name;
      this.lasts = lasts;
      this.rate = rate;
    }

    @Override
    public Future<?> start() {
      begun = System.nanoTime();
      vertx.setPeriodic(1_000, ignored -> lookAtHeap());
      if (rate > 0) {
        vertx.setPeriodic(1, this::tick);
      } else {
        for (int i = 0; i < inFlight; i++) {
          offer();
        }
      }
      return Future.succeededFuture();
    }

    private void lookAtHeap() {
      long used = heapAfterCollection();
      heapMin = Math.min(heapMin, used);
      heapMax = Math.max(heapMax, used);
    }

    private boolean isOver() {
      return System.nanoTime() - begun >= TimeUnit.SECONDS.toNanos(lasts);
    }

    /**
     * A tick that comes late offers what the ones before it have missed, up to a second's worth.
     */
    private void tick(long timer) {
      if (isOver()) {
        vertx.cancelTimer(timer);
        finishIfDone();
        return;
      }
      double due = rate * (System.nanoTime() - begun) / 1e9 - offered;
      long most = (long) Math.max(1, 20 * rate / TICKS_PER_SECOND);
      for (long i = 0; i < Math.min((long) due, most); i++) {
        offer();
      }
    }

    private void offer() {
      long sent = System.nanoTime();
      offered++;
      outstanding++;
      Future<Buffer> outcome = node.apply(command);
      if (outcome.failed()) {
        rejection.recordValue(System.nanoTime() - sent);
      }
      outcome.onComplete(
          done -> {
            outstanding--;
            if (done.succeeded()) {
              applied++;
              latency.recordValue((System.nanoTime() - sent) / 1_000);
            } else if (done.cause() instanceof Rejected) {
              rejected++;
            } else {
              otherwise++;
            }
            if (rate == 0 && !isOver()) {
              offer();
            } else {
              finishIfDone();
            }
          });
    }

    private void finishIfDone() {
      if (outstanding == 0 && isOver()) {
        finished.tryComplete();
      }
    }

    double perSecond() {
      return applied / (double) lasts;
    }

    void print() {
      out.printf(
          Locale.ROOT,
          "%-12s offered %,9.0f /s  applied %,8.0f /s  rejected %,9.0f /s in %.1f us (p99 %.1f us)"
              + "  unknown %d  p50 %.1f ms  p99 %.1f ms  heap after collection %d to %d MiB%n",
          name,
          offered / (double) lasts,
          perSecond(),
          rejected / (double) lasts,
          rejection.getValueAtPercentile(50) / 1_000.0,
          rejection.getValueAtPercentile(99) / 1_000.0,
          otherwise,
          latency.getValueAtPercentile(50) / 1_000.0,
          latency.getValueAtPercentile(99) / 1_000.0,
          heapMin == Long.MAX_VALUE ? 0 : heapMin,
          heapMax);
    }
  }
}
