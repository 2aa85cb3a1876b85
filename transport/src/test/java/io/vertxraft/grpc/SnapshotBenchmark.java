package io.vertxraft.grpc;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertxraft.peer.TestNode;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A snapshot of 1 GiB from one node to another, and the round trips of single entries with and
 * without it, taking turns in one run. Run it by hand: it is no test, and what it prints depends on
 * the machine.
 */
final class SnapshotBenchmark {
  private static final long FILE_BYTES = 1024L * 1024 * 1024;
  private static final int PIECE_BYTES = 256 * 1024;
  private static final int WINDOW = 4;
  private static final int ROUNDS = 5;
  private static final int ENTRY_BYTES = 128;

  private final Context context;
  private final Transport.Endpoint endpoint;
  private final AppendEntries append = append();
  private SnapshotDownload download;
  private List<Long> roundTripNanos = new ArrayList<>();
  private long sentAtNanos;
  private boolean pinging;

  private SnapshotBenchmark(Vertx vertx, GrpcTransport transport, PeerAddress... members) {
    context = vertx.getOrCreateContext();
    endpoint =
        TestNode.get(
            transport.join(
                new GroupIdentity("c", "g", "n1"),
                List.of(members),
                task -> context.runOnContext(v -> task.run()),
                (from, message) -> receive(message)));
  }

  /**
   * Runs.
   *
   * @param args bytes per second at most, 0 or none for no limit
   */
  public static void main(String[] args) throws Exception {
    long bytesPerSecondMax = args.length == 0 ? 0 : Long.parseLong(args[0]);
    Vertx vertx = Vertx.vertx();
    // Event loops of its own, as another process would have.
    Vertx other = Vertx.vertx();
    try {
      PeerAddress n1 = TestNode.address("n1");
      PeerAddress n2 = TestNode.address("n2");
      GrpcTransport source =
          GrpcTransport.create(
              other, new GrpcTransportOptions().setSnapshotBytesPerSecondMax(bytesPerSecondMax));
      SnapshotSource.join(other, source, "n2", FILE_BYTES, PIECE_BYTES, n1, n2);
      GrpcTransport asker = GrpcTransport.create(vertx);
      SnapshotBenchmark benchmark = new SnapshotBenchmark(vertx, asker, n1, n2);
      TestNode.until(
          vertx, () -> asker.peers().stream().allMatch(p -> p.connected() || p.kind().onDemand()));
      benchmark.run();
      System.out.println(asker.stats());
      System.out.println(source.stats());
    } finally {
      TestNode.get(vertx.close());
      TestNode.get(other.close());
    }
  }

  private void run() throws Exception {
    List<Long> alone = new ArrayList<>();
    List<Long> beside = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      List<Long> without = pingDuring(() -> TimeUnit.SECONDS.sleep(2));
      double[] seconds = new double[2];
      List<Long> with = pingDuring(() -> seconds[0] = fetch());
      seconds[1] = fetch();
      System.out.printf(
          "%s: %.0f MiB/s, beside entries %.0f MiB/s%n",
          round == 0 ? "warm-up" : "round " + round,
          FILE_BYTES / seconds[1] / (1 << 20),
          FILE_BYTES / seconds[0] / (1 << 20));
      if (round > 0) {
        alone.addAll(without);
        beside.addAll(with);
      }
    }
    for (double share : new double[] {0.5, 0.9, 0.99}) {
      double before = micros(alone, share);
      double after = micros(beside, share);
      System.out.printf(
          "round trip of an entry, p%.0f: %.0f us alone, %.0f us beside a snapshot, %.1fx%n",
          100 * share, before, after, after / before);
    }
  }

  private static double micros(List<Long> nanos, double share) {
    Collections.sort(nanos);
    return nanos.get((int) (nanos.size() * share)) / 1e3;
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Nanoseconds of each round trip, one at a time, during work. */
  private List<Long> pingDuring(Work work) throws Exception {
    context.runOnContext(
        v -> {
          roundTripNanos = new ArrayList<>();
          pinging = true;
          ping();
        });
    work.run();
    Promise<List<Long>> stopped = Promise.promise();
    context.runOnContext(
        v -> {
          pinging = false;
          stopped.complete(List.copyOf(roundTripNanos));
        });
    return TestNode.get(stopped.future());
  }

  private void ping() {
    sentAtNanos = System.nanoTime();
    endpoint.send("n2", append);
  }

  private double fetch() {
    long started = System.nanoTime();
    Promise<Void> whole = Promise.promise();
    context.runOnContext(
        v -> {
          download = new SnapshotDownload(endpoint, "n2", FILE_BYTES, PIECE_BYTES, WINDOW, false);
          download.start().onComplete(whole);
        });
    try {
      whole.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return (System.nanoTime() - started) / 1e9;
  }

  private void receive(Message message) {
    if (message instanceof SnapshotReply piece) {
      download.receive(piece);
    } else if (message instanceof AppendEntriesReply && pinging) {
      roundTripNanos.add(System.nanoTime() - sentAtNanos);
      ping();
    }
  }

  private static AppendEntries append() {
    byte[] payload = new byte[ENTRY_BYTES];
    ThreadLocalRandom.current().nextBytes(payload);
    return new AppendEntries(
        1, 0, 0, 0, List.of(new EntryCodec("g").encode(1, 1, EntryType.COMMAND, payload)));
  }
}
