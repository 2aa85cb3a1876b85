package io.vertxraft.grpc;

import static io.vertxraft.grpc.TestNode.HOST;
import static io.vertxraft.grpc.TestNode.address;
import static io.vertxraft.grpc.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.grpc.server.GrpcServer;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stream that is there only while snapshots are fetched. */
class SnapshotStreamTest {
  private Vertx vertx;
  private final PeerAddress n1 = address("n1");
  private final PeerAddress n2 = address("n2");

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stop() {
    get(vertx.close());
  }

  @Test
  void itIsOpenedByTheFirstRequestWhichIsNotLost() {
    TestNode a = join("n1", new GrpcTransportOptions());
    TestNode b = join("n2", new GrpcTransportOptions());
    a.awaitStreams(b, "n2");
    assertThat(a.snapshotStream().connects()).isZero();
    long dropped = a.transport.stats().droppedDisconnected();

    a.endpoint.send("n2", request(1));
    assertThat(b.next()).isEqualTo(new TestNode.Received("n1", request(1), true));
    b.endpoint.send("n1", reply(1, 1_000));
    assertReply(a.next().message(), 1, 1_000);

    assertThat(a.snapshotStream().connected()).isTrue();
    assertThat(a.snapshotStream().connects()).isOne();
    assertThat(b.snapshotStream().connects()).as("b has asked for nothing").isZero();
    assertThat(a.transport.stats().droppedDisconnected()).isEqualTo(dropped);
    assertThat(a.transport.stats().snapshotBytesReceived()).isEqualTo(1_000);
    assertThat(b.transport.stats().snapshotBytesSent()).isEqualTo(1_000);
  }

  @Test
  void requestsOfAllGroupsWaitForItAndKeepTheirOrder() {
    TestNode a = join("n1", new GrpcTransportOptions());
    TestNode b = join("n2", new GrpcTransportOptions());
    for (long id = 0; id < 100; id++) {
      a.endpoint.send("n2", request(id));
    }
    for (long id = 0; id < 100; id++) {
      assertThat(b.next().message()).isEqualTo(request(id));
    }
    assertThat(a.snapshotStream().connects()).isOne();
  }

  @Test
  void whatWaitsForItIsBounded() throws Exception {
    GrpcTransportOptions patient =
        new GrpcTransportOptions().setQueueMessagesMax(10).setConnectTimeoutMs(600_000);
    // It lets connections in and never answers.
    try (ServerSocket silent = new ServerSocket(n2.port(), 50, InetAddress.getByName(HOST))) {
      assertThat(silent.isBound()).isTrue();
      TestNode a = join("n1", patient);
      for (int id = 0; id < 15; id++) {
        a.endpoint.send("n2", request(id));
      }
      assertThat(a.transport.stats().droppedQueueFull()).isEqualTo(5);
      assertThat(a.transport.stats().droppedDisconnected()).isZero();
      get(a.transport.close());
      assertThat(a.transport.stats().droppedDisconnected()).isEqualTo(10);
    }
  }

  @Test
  void aPeerThatIsNotThereCostsTheRequestAndIsFoundOnceItIs() {
    TestNode a = join("n1", new GrpcTransportOptions());
    a.endpoint.send("n2", request(1));
    TestNode.until(vertx, () -> a.transport.stats().droppedDisconnected() == 1);
    TestNode b = join("n2", new GrpcTransportOptions());
    // In the pause after the failed attempt: it waits for the next one.
    a.endpoint.send("n2", request(2));
    assertThat(b.next().message()).isEqualTo(request(2));
    assertThat(a.transport.stats().droppedDisconnected()).isOne();
  }

  @Test
  void itIsClosedWhenNothingIsAskedAndOpenedAgain() {
    TestNode a = join("n1", new GrpcTransportOptions().setSnapshotIdleTimeoutMs(20));
    TestNode b = join("n2", new GrpcTransportOptions());
    a.awaitStreams(b, "n2");
    for (int round = 1; round <= 3; round++) {
      int times = round;
      a.endpoint.send("n2", request(round));
      assertThat(b.next().message()).isEqualTo(request(round));
      TestNode.until(vertx, () -> !a.snapshotStream().connected());
      assertThat(a.snapshotStream().connects()).isEqualTo(times);
      assertThat(a.snapshotStream().lastError()).as("no error").isEmpty();
    }
    assertThat(a.lastingStreams()).allMatch(peer -> peer.connected() && peer.connects() == 1);
  }

  @Test
  void aPeerThatDoesNotKnowTheStreamIsNamedOnceAndLeftInPeace() {
    AtomicInteger attempts = new AtomicInteger();
    olderVersion(attempts);
    try (LogCapture log = new LogCapture()) {
      TestNode a = join("n1", new GrpcTransportOptions());
      TestNode.until(vertx, () -> a.lastingStreams().stream().allMatch(PeerStatus::connected));
      a.endpoint.send("n2", request(1));
      log.await(
          "n2=", "does not know the SNAPSHOT stream", "older version", "until it is upgraded");
      long before = a.transport.stats().droppedDisconnected();
      for (int id = 2; id < 100; id++) {
        a.endpoint.send("n2", request(id));
      }
      assertThat(a.transport.stats().droppedDisconnected() - before).isEqualTo(98);
      assertThat(attempts).hasValue(1);
      assertThat(log.countWith("n2=")).isOne();
      assertThat(a.snapshotStream().lastError()).contains("UNIMPLEMENTED");
      assertThat(a.lastingStreams()).allMatch(peer -> peer.connected() && peer.connects() == 1);
    }
  }

  /** A listener that passes for n2 as it was before there were snapshots. */
  private void olderVersion(AtomicInteger snapshotCalls) {
    GrpcServer old = GrpcServer.server(vertx);
    for (StreamKind kind : StreamKind.values()) {
      if (!kind.onDemand()) {
        old.callHandler(
            kind.serverMethod(),
            call -> {
              Handshake.putResponse(call.response().headers(), new GroupIdentity("c", "g", "n2"));
              call.response().writeHead();
            });
      }
    }
    get(
        vertx
            .createHttpServer(new HttpServerOptions())
            .requestHandler(
                request -> {
                  if (request.path().endsWith("/Snapshot")) {
                    snapshotCalls.incrementAndGet();
                  }
                  old.handle(request);
                })
            .listen(n2.port(), HOST));
  }

  @Test
  void whoAsksAndDoesNotReadFillsItsOwnQueueOnly() throws Exception {
    TestNode a = join("n1", new GrpcTransportOptions());
    var metadata = RawCaller.metadata("c", "n2", "n1");
    RawCaller asker = RawCaller.open(vertx, n1.port(), StreamKind.SNAPSHOT, metadata);
    RawCaller control = RawCaller.open(vertx, n1.port(), StreamKind.CONTROL, metadata);
    asker.response.pause();
    SnapshotReply piece = reply(1, 256 * 1024);
    for (int i = 0; i < 1_000; i++) {
      a.endpoint.send("n2", piece);
    }
    assertThat(a.transport.stats().droppedDisconnected()).isZero();
    assertThat(a.transport.stats().droppedQueueFull()).isPositive();
    long sent = a.transport.stats().snapshotBytesSent();
    a.endpoint.send("n2", new HeartbeatReply(1, 1, 0, 0));
    assertThat(control.answers.poll(TestNode.WAIT_SECONDS, TimeUnit.SECONDS)).isNotNull();
    assertThat(sent).as("written of what was queued").isLessThan(16L * 1024 * 1024);
    asker.close();
    control.close();
  }

  @Test
  void contentArrivesWholeAndInOrderWithATinyBandwidth() {
    TestNode a = join("n1", new GrpcTransportOptions());
    TestNode b = join("n2", new GrpcTransportOptions().setSnapshotBytesPerSecondMax(100_000));
    a.endpoint.send("n2", request(0));
    assertThat(b.next().message()).isEqualTo(request(0));
    for (int id = 0; id < 10; id++) {
      b.endpoint.send("n1", reply(id, 10_000));
    }
    for (int id = 0; id < 10; id++) {
      assertReply(a.next().message(), id, 10_000);
    }
    assertThat(b.transport.stats().snapshotRepliesDelayed()).isPositive();
    assertThat(a.transport.stats().snapshotBytesReceived()).isEqualTo(100_000);
  }

  @Test
  void repliesThatWaitForBandwidthHoldUpNothingElse() {
    TestNode a = join("n1", new GrpcTransportOptions());
    TestNode b = join("n2", new GrpcTransportOptions().setSnapshotBytesPerSecondMax(16 * 1024));
    a.awaitStreams(b, "n2");
    a.endpoint.send("n2", request(0));
    assertThat(b.next().message()).isEqualTo(request(0));
    // The second of them would have its turn in a minute.
    b.endpoint.send("n1", reply(1, 1024 * 1024));
    b.endpoint.send("n1", reply(2, 1024 * 1024));
    assertReply(a.next().message(), 1, 1024 * 1024);
    for (int i = 0; i < 100; i++) {
      b.endpoint.send("n1", new HeartbeatReply(1, i, 0, 0));
      assertThat(a.next().message()).isEqualTo(new HeartbeatReply(1, i, 0, 0));
    }
  }

  private static void assertReply(Message message, long id, int bytes) {
    assertThat(message).isInstanceOf(SnapshotReply.class);
    SnapshotReply reply = (SnapshotReply) message;
    assertThat(reply.requestId()).isEqualTo(id);
    assertThat(reply.data()).isEqualTo(content(id, bytes));
  }

  private static byte[] content(long id, int bytes) {
    byte[] content = new byte[bytes];
    new Random(id).nextBytes(content);
    return content;
  }

  private static SnapshotRequest request(long id) {
    return new SnapshotRequest(id, 7, "data", 0, 1_000, false);
  }

  private static SnapshotReply reply(long id, int bytes) {
    return new SnapshotReply(id, SnapshotReply.Outcome.OK, content(id, bytes), false, bytes);
  }

  private TestNode join(String node, GrpcTransportOptions options) {
    return TestNode.join(vertx, GrpcTransport.create(vertx, options), "c", "g", node, n1, n2);
  }
}
