package io.vertxraft.grpc;

import static io.vertxraft.grpc.TestNode.HOST;
import static io.vertxraft.grpc.TestNode.address;
import static io.vertxraft.grpc.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertxraft.grpc.proto.Frame;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.ForwardReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Large, many, damaged and unanswered messages. */
class PeerTrafficTest {
  private static final int LASTING_STREAMS = 2;

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
  void aMessageNearTheLimitTravels() {
    TestNode a = join("n1", new GrpcTransportOptions());
    TestNode b = join("n2", new GrpcTransportOptions());
    a.awaitStreams(b, "n2");
    AppendEntries large = append(1, 8 * 1024 * 1024 - 1024);
    a.endpoint.send("n2", large);
    assertThat(b.next().message()).isEqualTo(large);
  }

  @Test
  void aMessageBeyondTheSendersLimitIsDroppedAndNamed() {
    TestNode a = join("n1", new GrpcTransportOptions().setMessageBytesMax(100_000));
    TestNode b = join("n2", new GrpcTransportOptions());
    a.awaitStreams(b, "n2");
    try (LogCapture log = new LogCapture()) {
      a.endpoint.send("n2", append(1, 100_000));
      a.endpoint.send("n2", append(1, 100));
      assertThat(b.next().message()).isEqualTo(append(1, 100));
      assertThat(log.await("messageBytesMax 100000")).contains("AppendEntries", "n2=");
      assertThat(a.transport.stats().droppedTooLarge()).isEqualTo(1);
    }
  }

  @Test
  void aMessageBeyondTheReceiversLimitIsSkippedAndTheStreamGoesOn() {
    TestNode a = join("n1", new GrpcTransportOptions());
    TestNode b = join("n2", new GrpcTransportOptions().setMessageBytesMax(100_000));
    a.awaitStreams(b, "n2");
    try (LogCapture log = new LogCapture()) {
      a.endpoint.send("n2", append(1, 1_000_000));
      a.endpoint.send("n2", append(1, 100));
      assertThat(b.next().message()).isEqualTo(append(1, 100));
      log.await("a frame from 'n1' on BULK is larger than messageBytesMax");
      assertThat(b.transport.stats().droppedTooLarge()).isEqualTo(1);
      assertThat(a.lastingStreams()).allMatch(peer -> peer.connects() == 1);
    }
  }

  @Test
  void anAnswerBeyondTheReceiversLimitIsSkippedAndTheStreamGoesOn() {
    TestNode a = join("n1", new GrpcTransportOptions().setMessageBytesMax(100_000));
    TestNode b = join("n2", new GrpcTransportOptions());
    a.awaitStreams(b, "n2");
    var reply = new ForwardReply(1, ForwardReply.Outcome.APPLIED, "", "", null, new byte[500_000]);
    b.endpoint.send("n1", reply);
    b.endpoint.send("n1", AppendEntriesReply.accepted(1, 1));
    assertThat(a.next().message()).isEqualTo(AppendEntriesReply.accepted(1, 1));
    assertThat(a.transport.stats().droppedTooLarge()).isEqualTo(1);
    assertThat(a.lastingStreams()).allMatch(peer -> peer.connects() == 1);
  }

  @Test
  void damagedMessagesAreDroppedAndLoggedOnceAndTheStreamGoesOn() {
    TestNode a = join("n1", new GrpcTransportOptions());
    RawCaller bulk =
        RawCaller.open(vertx, n1.port(), StreamKind.BULK, RawCaller.metadata("c", "n2", "n1"));
    AppendEntries damaged = append(1, 100);
    damaged.entries().get(0).encoded()[60] ^= 1;
    try (LogCapture log = new LogCapture()) {
      bulk.writeBytes((byte) 10, (byte) 127, (byte) 1);
      bulk.write(MessageCodec.encode("g", damaged));
      bulk.write(MessageCodec.encode("g", append(1, 100)));
      assertThat(a.next().message()).isEqualTo(append(1, 100));
      assertThat(a.transport.stats().droppedMalformed()).isEqualTo(2);
      log.await("a message from 'n2' on BULK is dropped", "cannot be parsed");
      assertThat(log.countWith("is dropped")).as("warnings for two messages").isOne();
    }
  }

  @Test
  void heartbeatsPassWhileTheBulkStreamIsClogged() throws Exception {
    BlockingQueue<Frame> control = new LinkedBlockingQueue<>();
    CountDownLatch bulkOpen = new CountDownLatch(1);
    fakePeer(
        call -> {
          call.pause();
          bulkOpen.countDown();
        },
        call -> call.handler(frame -> control.add(MessageCodec.parseFrame(frame.getBytes()))));
    TestNode a = join("n1", new GrpcTransportOptions().setBulkQueueBytesMax(16L * 1024 * 1024));
    assertThat(bulkOpen.await(TestNode.WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();

    AppendEntries megabyte = append(1, 1024 * 1024);
    while (a.transport.stats().droppedQueueFull() == 0) {
      a.endpoint.send("n2", megabyte);
    }
    // What is sent before the control stream is up is dropped: send until one has arrived.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestNode.WAIT_SECONDS);
    boolean arrived = false;
    while (!arrived) {
      assertThat(System.nanoTime()).as("heartbeats while bulk is clogged").isLessThan(deadline);
      a.endpoint.send("n2", new Heartbeat(7, 7, 1, 7, 0));
      Frame frame = control.poll(20, TimeUnit.MILLISECONDS);
      arrived = frame != null && frame.getEnvelopesCount() > 0;
    }
  }

  @Test
  void aGroupThatIsBusyLosesItsOwnMessagesOnly() throws Exception {
    GrpcTransportOptions small =
        new GrpcTransportOptions().setMessageBytesMax(2_000_000).setInboundBytesMax(4_000_000);
    TestNode a = join("n1", small);
    TestNode b = join("n2", small);
    a.awaitStreams(b, "n2");
    Queue<Runnable> stuck = new ConcurrentLinkedQueue<>();
    get(
        b.transport.join(
            new GroupIdentity("c", "stuck", "n2"), List.of(n1, n2), stuck::add, (f, m) -> {}));
    TestNode a2 = TestNode.join(vertx, a.transport, "c", "stuck", "n1", n1, n2);

    ForwardRequest megabyte = new ForwardRequest(1, 1, new byte[1_000_000]);
    for (int i = 0; i < 10; i++) {
      a2.endpoint.send("n2", megabyte);
    }
    a.endpoint.send("n2", append(1, 100));

    assertThat(b.next().message()).isEqualTo(append(1, 100));
    assertThat(b.transport.stats().droppedQueueFull()).isPositive();
    assertThat(stuck).as("one task for all that waits").hasSize(1);
  }

  @Test
  void aPeerThatFallsSilentIsGivenUpAndReachedAgain() throws Exception {
    int frontPort = TestNode.freePort();
    Proxy proxy = new Proxy(vertx, frontPort, n2.port());
    GrpcTransportOptions impatient = new GrpcTransportOptions().setPeerIdleTimeoutMs(600);
    TestNode a =
        TestNode.join(
            vertx,
            GrpcTransport.create(vertx, impatient),
            "c",
            "g",
            "n1",
            n1,
            new PeerAddress("n2", HOST, frontPort));
    TestNode b = join("n2", new GrpcTransportOptions());
    a.reach(b, "n2", new StatusRequest(1));
    a.reach(b, "n2", append(1, 1));

    CountDownLatch again = proxy.freeze();
    assertThat(again.await(TestNode.WAIT_SECONDS, TimeUnit.SECONDS))
        .as("both streams connect anew")
        .isTrue();
    a.reach(b, "n2", new StatusRequest(2));
    a.reach(b, "n2", append(2, 2));
    assertThat(a.lastingStreams())
        .allMatch(peer -> peer.lastError().contains("peerIdleTimeoutMs 600"));
  }

  @Test
  void aQuietStreamIsKeptAliveByPings() throws Exception {
    CountDownLatch pings = new CountDownLatch(6);
    fakePeer(
        call -> call.connection().pingHandler(ping -> pings.countDown()),
        call -> call.connection().pingHandler(ping -> pings.countDown()));
    join("n1", new GrpcTransportOptions().setPeerIdleTimeoutMs(300));
    assertThat(pings.await(TestNode.WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoConnectsAndSaysNothingIsNotKept() throws Exception {
    join("n1", new GrpcTransportOptions().setPeerIdleTimeoutMs(100));
    CountDownLatch closed = new CountDownLatch(1);
    get(vertx.createNetClient().connect(n1.port(), HOST)).closeHandler(v -> closed.countDown());
    assertThat(closed.await(TestNode.WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aListenerThatAcceptsAndSaysNothingDoesNotBarTheWayToThePeer() throws Exception {
    BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    TestNode a;
    Thread acceptor;
    try (ServerSocket silent = new ServerSocket()) {
      silent.setReuseAddress(true);
      silent.bind(new InetSocketAddress(HOST, n2.port()));
      acceptor = new Thread(() -> acceptAll(silent, accepted), "silent acceptor");
      acceptor.start();
      a = join("n1", new GrpcTransportOptions().setConnectTimeoutMs(300));
      // Both streams, twice each: a retry is a new connection, and the earlier one is given up.
      for (int i = 0; i < 2 * LASTING_STREAMS; i++) {
        Socket socket = accepted.poll(TestNode.WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(socket).as("connection %d", i).isNotNull();
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(TestNode.WAIT_SECONDS));
        socket.getInputStream().readAllBytes();
      }
      assertThat(a.lastingStreams())
          .allMatch(peer -> peer.lastError().contains("connectTimeoutMs 300"));
    }
    // The port is free only when the thread that waits on it has gone.
    acceptor.join();
    TestNode b = join("n2", new GrpcTransportOptions());
    a.awaitStreams(b, "n2");
    for (Socket socket : accepted) {
      socket.close();
    }
  }

  private static void acceptAll(ServerSocket server, Queue<Socket> accepted) {
    try {
      while (true) {
        accepted.add(server.accept());
      }
    } catch (IOException e) {
      assertThat(server.isClosed()).isTrue();
    }
  }

  @Test
  void aStreamThatFailedTakesItsConnectionAlongSoThatThePeerReturns() throws Exception {
    // Long enough that it is not the idle timeout that closes the connection.
    join("n1", new GrpcTransportOptions().setPeerIdleTimeoutMs(600_000));
    RawCaller caller =
        RawCaller.open(vertx, n1.port(), StreamKind.CONTROL, RawCaller.metadata("c", "n2", "n1"));
    CountDownLatch closed = new CountDownLatch(1);
    caller.request.connection().closeHandler(v -> closed.countDown());
    caller.request.cancel();
    assertThat(closed.await(TestNode.WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private interface Call {
    void open(GrpcServerRequest<Buffer, Buffer> call);
  }

  /** A listener that passes for n2 and does with the streams what the test wants. */
  private void fakePeer(Call bulk, Call control) {
    GrpcServer grpc = GrpcServer.server(vertx);
    for (StreamKind kind : StreamKind.values()) {
      grpc.callHandler(
          kind.serverMethod(),
          call -> {
            Handshake.putResponse(call.response().headers(), new GroupIdentity("c", "g", "n2"));
            call.response().writeHead();
            (kind == StreamKind.BULK ? bulk : control).open(call);
          });
    }
    HttpServer server = vertx.createHttpServer(new HttpServerOptions()).requestHandler(grpc);
    get(server.listen(n2.port(), HOST));
  }

  private AppendEntries append(int count, int payloadBytes) {
    EntryCodec codec = new EntryCodec("g");
    List<LogEntry> entries =
        LongStream.rangeClosed(1, count)
            .mapToObj(i -> codec.encode(i, 1, EntryType.COMMAND, new byte[payloadBytes]))
            .toList();
    return new AppendEntries(1, 0, 0, 0, entries);
  }

  private TestNode join(String node, GrpcTransportOptions options) {
    return TestNode.join(vertx, GrpcTransport.create(vertx, options), "c", "g", node, n1, n2);
  }
}
