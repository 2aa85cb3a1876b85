package io.vertxraft.grpc;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertxraft.peer.TestNode;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * AppendEntries from one node to another and the answers back, with a fixed number under way. Run
 * it by hand: it is no test, and what it prints depends on the machine.
 */
final class TransportBenchmark {
  private static final int ENTRY_BYTES = 128;
  private static final int IN_FLIGHT = 64;
  private static final long WARM_UP_SECONDS = 2;
  private static final long MEASURE_SECONDS = 3;

  private TransportBenchmark() {}

  /** Runs both cases and prints their rates. */
  public static void main(String[] args) throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      for (int entries : new int[] {1, 64}) {
        run(vertx, entries);
      }
    } finally {
      TestNode.get(vertx.close());
    }
  }

  private static void run(Vertx vertx, int entries) throws Exception {
    PeerAddress n1 = TestNode.address("n1");
    PeerAddress n2 = TestNode.address("n2");
    GrpcTransport leader = GrpcTransport.create(vertx);
    GrpcTransport follower = GrpcTransport.create(vertx);
    AppendEntries message = append(entries);
    AtomicLong answered = new AtomicLong();
    Transport.Endpoint[] ends = new Transport.Endpoint[2];
    Context from = vertx.getOrCreateContext();
    Context to = vertx.getOrCreateContext();
    ends[1] =
        TestNode.get(
            follower.join(
                new GroupIdentity("c", "g", "n2"),
                List.of(n1, n2),
                task -> to.runOnContext(v -> task.run()),
                (peer, m) -> ends[1].send("n1", AppendEntriesReply.accepted(1, 1))));
    ends[0] =
        TestNode.get(
            leader.join(
                new GroupIdentity("c", "g", "n1"),
                List.of(n1, n2),
                task -> from.runOnContext(v -> task.run()),
                (peer, m) -> {
                  answered.incrementAndGet();
                  ends[0].send("n2", message);
                }));
    start(vertx, leader, () -> from.runOnContext(v -> fill(ends[0], message)));
    measure(answered, WARM_UP_SECONDS);
    double[] rate = measure(answered, MEASURE_SECONDS);
    System.out.printf(
        "%d x %d B entries, %d in flight: %,.0f msg/s, %,.0f entries/s, %.1f us CPU per message,"
            + " %s%n",
        entries, ENTRY_BYTES, IN_FLIGHT, rate[0], rate[0] * entries, rate[1], leader.stats());
    TestNode.get(leader.close());
    TestNode.get(follower.close());
  }

  private static void fill(Transport.Endpoint endpoint, AppendEntries message) {
    for (int i = 0; i < IN_FLIGHT; i++) {
      endpoint.send("n2", message);
    }
  }

  private static void start(Vertx vertx, GrpcTransport leader, Runnable go) throws Exception {
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
