package io.vertxraft.examples.demo;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertxraft.Member;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftVerticle;
import io.vertxraft.console.RaftConsole;
import io.vertxraft.console.RaftConsoleOptions;
import io.vertxraft.grpc.GrpcTransport;
import io.vertxraft.leveldb.LevelDbOptions;
import io.vertxraft.leveldb.LevelDbStorage;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** A member of the {@link ConsoleBenchmark}; the first leads, writes, and serves the console. */
final class ConsoleBenchmarkMember {
  private static final int WRITES_PER_SECOND = 500;
  private static final int CLIENTS_MAX = 1_000;
  private static final int SAMPLE_INTERVAL_MS = 100;
  private static final int LEADER_PRIORITY = 100;

  private final Vertx vertx = Vertx.vertx();
  private final Histogram latency = new Histogram(60_000_000, 3);
  private long begun;
  private long sent;

  private ConsoleBenchmarkMember() {}

  /** Arguments: directory, number, the members' ports with commas, HTTP port of the first. */
  public static void main(String[] arguments) throws Exception {
    new ConsoleBenchmarkMember()
        .run(
            arguments[0],
            Integer.parseInt(arguments[1]),
            arguments[2].split(",", -1),
            Integer.parseInt(arguments[3]));
  }

  private void run(String directory, int number, String[] ports, int httpPort) throws Exception {
    List<Member> members = new ArrayList<>();
    for (String port : ports) {
      int priority = members.isEmpty() ? LEADER_PRIORITY : Member.DEFAULT_PRIORITY;
      members.add(
          new Member("n" + (members.size() + 1), "127.0.0.1", Integer.parseInt(port), priority));
    }
    RaftVerticle verticle =
        new RaftVerticle(
            new RaftOptions().setNodeId("n" + number).setMembers(members),
            new BenchmarkGroup.Nothing(),
            LevelDbStorage.create(new LevelDbOptions().setDirectory(directory)),
            GrpcTransport.create(vertx));
    vertx.deployVerticle(verticle).await();
    if (number == 1) {
      serve(verticle.node(), httpPort);
    }
  }

  private void serve(RaftNode node, int httpPort) throws Exception {
    RaftConsole console =
        RaftConsole.create(
            vertx,
            node,
            new RaftConsoleOptions()
                .setSampleIntervalMs(SAMPLE_INTERVAL_MS)
                .setClientsMax(CLIENTS_MAX));
    Router router = Router.router(vertx);
    router.route("/measured").handler(request -> request.response().end(measured()));
    router.route("/*").subRouter(console.router());
    vertx.createHttpServer().requestHandler(router).listen(httpPort, "127.0.0.1").await();
    begun = System.nanoTime();
    vertx.setPeriodic(1, timer -> write(node));
  }

  /** At a steady rate, whatever the answers take. */
  private void write(RaftNode node) {
    long due = (System.nanoTime() - begun) * WRITES_PER_SECOND / 1_000_000_000L;
    for (; sent < due; sent++) {
      long at = begun + sent * 1_000_000_000L / WRITES_PER_SECOND;
      node.apply(Buffer.buffer(new byte[128]))
          .onSuccess(
              reply -> {
                synchronized (latency) {
                  latency.recordValue(Math.max(0, (System.nanoTime() - at) / 1_000));
                }
              });
    }
  }

  /** Half of the writes, 99 of 100, in microseconds, and bytes in use, since the last call. */
  private String measured() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    synchronized (latency) {
      String told =
          "%d %d %d"
              .formatted(
                  latency.getValueAtPercentile(50),
                  latency.getValueAtPercentile(99),
                  runtime.totalMemory() - runtime.freeMemory());
      latency.reset();
      return told;
    }
  }
}
