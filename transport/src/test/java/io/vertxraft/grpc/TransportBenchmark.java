package io.vertxraft.grpc;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertxraft.peer.PeerTransport;
import io.vertxraft.peer.TestNode;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.socket.SocketTransport;
import io.vertxraft.socket.SocketTransportOptions;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * AppendEntries from one node to another and the answers back, with a fixed number under way, over
 * each transport. Run it by hand: it is no test, and what it prints depends on the machine.
 *
 * <p>The nodes join on their own event loops, as members do. The first argument, if there is one,
 * is the number of rounds; the second turns the native transport on.
 */
final class TransportBenchmark {
  private static final int ENTRY_BYTES = 128;
  private static final long WARM_UP_SECONDS = 2;
  private static final long MEASURE_SECONDS = 3;

  private TransportBenchmark() {}

  /** Runs all cases and prints their rates. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 1;
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(args.length > 1));
    Map<String, Function<Vertx, PeerTransport>> transports = new LinkedHashMap<>();
    transports.put("grpc", GrpcTransport::create);
    transports.put(
        "grpc, own loops",
        v -> GrpcTransport.create(v, new GrpcTransportOptions().setOwnEventLoops(true)));
    transports.put("socket", SocketTransport::create);
    transports.put(
        "socket, own loops",
        v -> SocketTransport.create(v, new SocketTransportOptions().setOwnEventLoops(true)));
    try {
      for (int round = 0; round < rounds; round++) {
        for (int inFlight : new int[] {1, 64}) {
          for (int entries : new int[] {1, 64}) {
            for (Map.Entry<String, Function<Vertx, PeerTransport>> kind : transports.entrySet()) {
              run(vertx, kind.getKey(), kind.getValue(), entries, inFlight);
            }
          }
        }
      }
    } finally {
      TestNode.get(vertx.close());
    }
  }

  private static void run(
      Vertx vertx, String name, Function<Vertx, PeerTransport> create, int entries, int inFlight)
      throws Exception {
    PeerAddress n1 = TestNode.address("n1");
    PeerAddress n2 = TestNode.address("n2");
    PeerTransport leader = create.apply(vertx);
    PeerTransport follower = create.apply(vertx);
    AppendEntries message = append(entries);
    AtomicLong answered = new AtomicLong();
    Transport.Endpoint[] ends = new Transport.Endpoint[2];
    ends[1] =
        join(
            vertx,
            follower,
            "n2",
            List.of(n1, n2),
            (peer, m) -> ends[1].send("n1", AppendEntriesReply.accepted(1, 1)));
    ends[0] =
        join(
            vertx,
            leader,
            "n1",
            List.of(n1, n2),
            (peer, m) -> {
              answered.incrementAndGet();
              ends[0].send("n2", message);
            });
    start(
        vertx,
        leader,
        () -> {
          for (int i = 0; i < inFlight; i++) {
            ends[0].send("n2", message);
          }
        });
    measure(answered, WARM_UP_SECONDS);
    double[] rate = measure(answered, MEASURE_SECONDS);
    System.out.printf(
        "%-17s %2d x %d B entries, %2d in flight: %,9.0f msg/s, %5.1f us CPU per message%n",
        name, entries, ENTRY_BYTES, inFlight, rate[0], rate[1]);
    TestNode.get(leader.close());
    TestNode.get(follower.close());
  }

  private static Transport.Endpoint join(
      Vertx vertx,
      PeerTransport transport,
      String node,
      List<PeerAddress> members,
      Transport.Receiver receiver) {
    Context context = vertx.getOrCreateContext();
    Promise<Transport.Endpoint> joined = Promise.promise();
    context.runOnContext(
        v ->
            transport
                .join(
                    new GroupIdentity("c", "g", node),
                    members,
                    task -> context.runOnContext(ignored -> task.run()),
                    receiver)
                .onComplete(joined));
    return TestNode.get(joined.future());
  }

  private static void start(Vertx vertx, PeerTransport leader, Runnable go) throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    vertx.setPeriodic(
        10,
        id -> {
          if (leader.peers().stream()
              .allMatch(peer -> peer.connected() || peer.kind().onDemand())) {
            vertx.cancelTimer(id);
            connected.countDown();
          }
        });
    if (!connected.await(TestNode.WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("not connected: " + leader.peers());
    }
    go.run();
  }

  /** Answers per second, and microseconds of the process's CPU per answer. */
  private static double[] measure(AtomicLong answered, long seconds) throws Exception {
    long cpu = processCpuNanos();
    long before = answered.get();
    long started = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    double count = answered.get() - before;
    double elapsed = (System.nanoTime() - started) / 1e9;
    return new double[] {count / elapsed, (processCpuNanos() - cpu) / 1e3 / count};
  }

  private static long processCpuNanos() {
    OperatingSystemMXBean bean = ManagementFactory.getOperatingSystemMXBean();
    return ((com.sun.management.OperatingSystemMXBean) bean).getProcessCpuTime();
  }

  private static AppendEntries append(int count) {
    EntryCodec codec = new EntryCodec("g");
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      entries.add(codec.encode(i, 1, EntryType.COMMAND, new byte[ENTRY_BYTES]));
    }
    return new AppendEntries(1, 0, 0, 0, entries);
  }
}
