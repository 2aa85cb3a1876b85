package io.vertxraft.grpc;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
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
  private static final int ROUNDS = 4;
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
    try {
      PeerAddress n1 = TestNode.address("n1");
      PeerAddress n2 = TestNode.address("n2");
      GrpcTransport source =
          GrpcTransport.create(
              vertx, new GrpcTransportOptions().setSnapshotBytesPerSecondMax(bytesPerSecondMax));
      SnapshotSource.join(vertx, source, "n2", FILE_BYTES, PIECE_BYTES, n1, n2);
      GrpcTransport asker = GrpcTransport.create(vertx);
      SnapshotBenchmark benchmark = new SnapshotBenchmark(vertx, asker, n1, n2);
      TestNode.until(
          vertx, () -> asker.peers().stream().allMatch(p -> p.connected() || p.kind().onDemand()));
      benchmark.run();
      System.out.println(asker.stats());
      System.out.println(source.stats());
    } finally {
      TestNode.get(vertx.close());
    }
  }

  private void run() throws Exception {
    for (int round = 0; round <= ROUNDS; round++) {
      String name = round == 0 ? "warm-up" : "round " + round;
      long[] alone = pingFor(() -> TimeUnit.SECONDS.sleep(2));
      double[] seconds = new double[1];
      long[] beside = pingFor(() -> seconds[0] = fetch());
      double apart = fetch();
      System.out.printf(
          "%s: %.0f MiB/s; beside entries %.0f MiB/s; round trip p50 %d us, beside %d us (%.1fx);"
              + " p99 %d us, beside %d us (%.1fx)%n",
          name,
          FILE_BYTES / apart / (1 << 20),
          FILE_BYTES / seconds[0] / (1 << 20),
          alone[0],
          beside[0],
          (double) beside[0] / alone[0],
          alone[1],
          beside[1],
          (double) beside[1] / alone[1]);
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Median and 99th percentile in microseconds of round trips, one at a time, during work. */
  private long[] pingFor(Work work) throws Exception {
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
          stopped.complete(roundTripNanos);
        });
    List<Long> sorted = new ArrayList<>(TestNode.get(stopped.future()));
    Collections.sort(sorted);
    return new long[] {
      TimeUnit.NANOSECONDS.toMicros(sorted.get(sorted.size() / 2)),
      TimeUnit.NANOSECONDS.toMicros(sorted.get((int) (sorted.size() * 0.99)))
    };
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
