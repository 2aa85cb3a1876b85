package io.vertxraft.grpc;

import static io.vertxraft.peer.TestNode.HOST;
import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServer;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.LogCapture;
import io.vertxraft.peer.MessageCodec;
import io.vertxraft.peer.PeerStatus;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.peer.TestNode;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.spi.PeerAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is let in, and what strangers can do. */
class PeerIdentityTest {
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
  void nodesOfDifferentClustersRefuseEachOtherAndSayWhy() {
    try (LogCapture log = new LogCapture(GrpcTransport.class)) {
      TestNode a = join("red", "n1");
      TestNode b = join("blue", "n2");
      log.await(
          "'blue/g/n2' refuses a stream", "the caller's cluster is 'red', this is cluster 'blue'");
      log.await("'red/g/n1' and n2=", "PERMISSION_DENIED", "'red'", "'blue'");
      a.endpoint.send("n2", new StatusRequest(1));
      b.endpoint.send("n1", new StatusRequest(2));
      a.endpoint.send("n2", new SnapshotRequest(3, 1, "", 0, 100, false));
      TestNode.until(vertx, () -> !a.snapshotStream().lastError().isEmpty());
      assertThat(a.snapshotStream().lastError()).contains("PERMISSION_DENIED", "'red'", "'blue'");
      assertThat(a.transport.peers())
          .noneMatch(PeerStatus::connected)
          .anyMatch(peer -> peer.lastError().contains("PERMISSION_DENIED"));
      assertThat(a.received).isEmpty();
      assertThat(b.received).isEmpty();
    }
  }

  @Test
  void aListenerThatIsNotTheNodeLookedForGetsNothing() {
    assertNothingIsSentTo(Map.of(Handshake.CLUSTER, "red", Handshake.NODE, "n2"), "cluster 'red'");
    assertNothingIsSentTo(Map.of(Handshake.CLUSTER, "c", Handshake.NODE, "n3"), "it is node 'n3'");
    assertNothingIsSentTo(Map.of(), "cluster (none)");
    assertNothingIsSentTo(
        Map.of(Handshake.CLUSTER, "c", Handshake.NODE, "n2", Handshake.VERSION_KEY, "9"),
        "protocol version '9'");
  }

  private void assertNothingIsSentTo(Map<String, String> answer, String reason) {
    PeerAddress me = address("n1");
    PeerAddress impostor = address("n2");
    AtomicLong bytes = new AtomicLong();
    CountDownLatch retried = new CountDownLatch(2 * StreamKind.values().length);
    GrpcServer grpc = GrpcServer.server(vertx);
    for (StreamKind kind : StreamKind.values()) {
      grpc.callHandler(
          PeerMethod.server(kind),
          call -> {
            retried.countDown();
            call.handler(frame -> bytes.addAndGet(frame.length()));
            answer.forEach(call.response().headers()::set);
            call.response().writeHead();
          });
    }
    get(
        vertx
            .createHttpServer(new HttpServerOptions())
            .requestHandler(grpc)
            .listen(impostor.port(), HOST));
    try (LogCapture log = new LogCapture(GrpcTransport.class)) {
      GrpcTransport transport =
          GrpcTransport.create(vertx, new GrpcTransportOptions().setReconnectDelayMaxMs(100));
      TestNode a = TestNode.join(vertx, transport, "c", "g", "n1", me, impostor);
      a.endpoint.send("n2", new Heartbeat(1, 1, 1, 1, 0));
      log.await("'c/g/n1' and n2=", reason);
      while (!await(retried, 10)) {
        a.endpoint.send("n2", new Heartbeat(1, 1, 1, 1, 0));
        a.endpoint.send("n2", new SnapshotRequest(1, 1, "", 0, 100, false));
      }
      assertThat(bytes).hasValue(0);
      assertThat(transport.peers()).noneMatch(PeerStatus::connected);
      assertThat(log.countWith("'c/g/n1' and n2=")).as("repeated at once").isOne();
      get(transport.close());
    }
  }

  @Test
  void aCallerIsToldWhyItIsRefused() {
    join("c", "n1");
    refused(RawCaller.metadata("x", "n2", "n1"), GrpcStatus.PERMISSION_DENIED, "cluster is 'x'");
    refused(RawCaller.metadata("c", "n9", "n1"), GrpcStatus.PERMISSION_DENIED, "node 'n9' is not");
    refused(RawCaller.metadata("c", "n1", "n1"), GrpcStatus.PERMISSION_DENIED, "node 'n1' is not");
    refused(
        RawCaller.metadata("c", "n2", "n7"),
        GrpcStatus.FAILED_PRECONDITION,
        "looks for node 'n7', this is node 'n1'");
    refused(Map.of(), GrpcStatus.UNAUTHENTICATED, "does not say who it is");
    Map<String, String> future = new HashMap<>(RawCaller.metadata("c", "n2", "n1"));
    future.put(Handshake.VERSION_KEY, "2");
    refused(future, GrpcStatus.FAILED_PRECONDITION, "protocol version '2' is not spoken here");
    Map<String, String> noise = new HashMap<>(RawCaller.metadata("c", "n2", "n1"));
    noise.put(Handshake.CLUSTER, "no such thing! <b>");
    refused(noise, GrpcStatus.PERMISSION_DENIED, "cluster is (not an id)");
  }

  private void refused(Map<String, String> metadata, GrpcStatus status, String reason) {
    for (StreamKind kind : StreamKind.values()) {
      RawCaller caller = RawCaller.open(vertx, n1.port(), kind, metadata);
      assertThat(caller.response.status()).isEqualTo(status);
      assertThat(caller.response.statusMessage()).contains(reason);
    }
  }

  @Test
  void aNodeThatHasLeftItsGroupsTurnsItsPeersAwayWithoutAWarning() {
    try (LogCapture log = new LogCapture(GrpcTransport.class)) {
      TestNode a = join("c", "n1");
      get(a.endpoint.close());
      refused(RawCaller.metadata("c", "n2", "n1"), GrpcStatus.UNAVAILABLE, "node 'n2' is not");
      PeerAddress n3 = address("n3");
      TestNode other = TestNode.join(vertx, a.transport, "c", "g2", "n1", n1, n3);
      refused(RawCaller.metadata("c", "n2", "n1"), GrpcStatus.UNAVAILABLE, "node 'n2' is not");
      TestNode b = join("c", "n2");
      TestNode.until(
          vertx,
          () -> b.lastingStreams().stream().allMatch(p -> p.lastError().contains("UNAVAILABLE")));
      assertThat(log.countWith("n2")).as("warnings").isZero();

      refused(RawCaller.metadata("c", "n9", "n1"), GrpcStatus.PERMISSION_DENIED, "node 'n9' is");
      log.await("'c/g/n1' refuses a stream", "node 'n9' is not a member");
      get(other.endpoint.close());
      TestNode again = TestNode.join(vertx, a.transport, "c", "g", "n1", n1, n2);
      again.awaitStreams(b, "n2");
      b.awaitStreams(again, "n1");
    }
  }

  @Test
  void aNodeOfOneGroupCannotSpeakInAnother() {
    TestNode a = join("c", "n1");
    PeerAddress n3 = address("n3");
    TestNode other = TestNode.join(vertx, a.transport, "c", "g2", "n1", n1, n3);
    RawCaller n2Caller =
        RawCaller.open(vertx, n1.port(), StreamKind.CONTROL, RawCaller.metadata("c", "n2", "n1"));

    n2Caller.write(MessageCodec.encode("g2", new Heartbeat(1, 1, 1, 1, 0)));
    n2Caller.write(MessageCodec.encode("nowhere", new Heartbeat(2, 2, 1, 2, 0)));
    n2Caller.write(MessageCodec.encode("g", new Heartbeat(3, 3, 1, 3, 0)));

    assertThat(a.next().message()).isEqualTo(new Heartbeat(3, 3, 1, 3, 0));
    assertThat(other.received).isEmpty();
    assertThat(a.transport.stats().droppedForeign()).isEqualTo(2);
  }

  @Test
  void answersAndBulkDataAreNotTakenOnTheWrongStream() {
    TestNode a = join("c", "n1");
    RawCaller control =
        RawCaller.open(vertx, n1.port(), StreamKind.CONTROL, RawCaller.metadata("c", "n2", "n1"));
    control.write(MessageCodec.encode("g", new HeartbeatReply(1, 1, 0, 0)));
    control.write(MessageCodec.encode("g", new AppendEntries(1, 0, 0, 0, List.of())));
    control.write(MessageCodec.encode("g", new Heartbeat(3, 3, 1, 3, 0)));
    assertThat(a.next().message()).isEqualTo(new Heartbeat(3, 3, 1, 3, 0));
    assertThat(a.transport.stats().droppedForeign()).isEqualTo(2);
  }

  @Test
  void theSnapshotStreamTakesRequestsForSnapshotsOnly() {
    TestNode a = join("c", "n1");
    RawCaller caller =
        RawCaller.open(vertx, n1.port(), StreamKind.SNAPSHOT, RawCaller.metadata("c", "n2", "n1"));
    SnapshotRequest request = new SnapshotRequest(1, 1, "data", 0, 100, false);
    var reply = new SnapshotReply(1, SnapshotReply.Outcome.OK, new byte[10], false, 10);
    caller.write(MessageCodec.encode("g", new Heartbeat(1, 1, 1, 1, 0)));
    caller.write(MessageCodec.encode("g", new AppendEntries(1, 0, 0, 0, List.of())));
    caller.write(MessageCodec.encode("g", reply));
    caller.write(MessageCodec.encode("elsewhere", request));
    caller.write(MessageCodec.encode("g", new SnapshotRequest(1, 1, "../log", 0, 100, false)));
    caller.write(MessageCodec.encode("g", request));
    assertThat(a.next().message()).isEqualTo(request);
    assertThat(a.transport.stats().droppedForeign()).isEqualTo(4);
    assertThat(a.transport.stats().droppedMalformed()).isOne();
  }

  @Test
  void theNewerStreamOfAPeerReplacesTheOlder() {
    TestNode a = join("c", "n1");
    Map<String, String> metadata = RawCaller.metadata("c", "n2", "n1");
    RawCaller older = RawCaller.open(vertx, n1.port(), StreamKind.CONTROL, metadata);
    CountDownLatch ended = new CountDownLatch(1);
    older.response.endHandler(v -> ended.countDown());
    LogCapture log = new LogCapture(GrpcTransport.class);
    RawCaller newer = RawCaller.open(vertx, n1.port(), StreamKind.CONTROL, metadata);
    log.await("'n2' opened a new CONTROL stream", "two processes use this node id");
    log.close();
    assertThat(await(ended, TimeUnit.SECONDS.toMillis(TestNode.WAIT_SECONDS))).isTrue();

    a.endpoint.send("n2", new HeartbeatReply(1, 1, 0, 0));
    assertThat(poll(newer)).isNotNull();
    assertThat(older.answers).isEmpty();
  }

  @Test
  void randomBytesOnThePeerPortLeaveTheNodeHealthy() {
    TestNode a = join("c", "n1");
    TestNode b = join("c", "n2");
    a.awaitStreams(b, "n2");
    Random random = new Random(42);
    byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 40; i++) {
      byte[] noise = new byte[1 + random.nextInt(4_000)];
      random.nextBytes(noise);
      NetSocket socket = get(vertx.createNetClient().connect(n2.port(), HOST));
      if (i % 2 == 1) {
        socket.write(Buffer.buffer(preface));
      }
      socket.write(Buffer.buffer(noise));
      if (i % 4 < 2) {
        socket.close();
      }
    }
    a.endpoint.send("n2", new Heartbeat(8, 8, 1, 8, 0));
    assertThat(b.next(Heartbeat.class)).isEqualTo(new Heartbeat(8, 8, 1, 8, 0));
    TestNode c = TestNode.join(vertx, a.transport, "c", "g2", "n1", n1, n2);
    TestNode d = TestNode.join(vertx, b.transport, "c", "g2", "n2", n1, n2);
    c.awaitStreams(d, "n2");
    assertThat(a.lastingStreams()).allMatch(peer -> peer.connected() && peer.connects() == 1);
  }

  private static Buffer poll(RawCaller caller) {
    try {
      return caller.answers.poll(TestNode.WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean await(CountDownLatch latch, long ms) {
    try {
      return latch.await(ms, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private TestNode join(String cluster, String node) {
    return TestNode.join(vertx, GrpcTransport.create(vertx), cluster, "g", node, n1, n2);
  }
}
