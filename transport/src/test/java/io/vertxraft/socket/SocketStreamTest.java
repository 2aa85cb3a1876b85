package io.vertxraft.socket;

import static io.vertxraft.peer.TestNode.HOST;
import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetSocket;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.LogCapture;
import io.vertxraft.peer.PeerStatus;
import io.vertxraft.peer.RandomMessages;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.peer.TestNode;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a stream over a socket bears, and what it costs a peer that breaks the rules. */
class SocketStreamTest {
  private static final MultiMap UNKNOWN =
      Greeting.refusal(
          new Handshake.Refusal(Handshake.Status.UNIMPLEMENTED, "no such stream is known here"));

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
  void damagedFramesAreDroppedAndLoggedOnceAndTheStreamGoesOn() {
    TestNode a = join("n1", new SocketTransportOptions());
    RawSocket bulk = peer(StreamKind.BULK);
    AppendEntries append = new RandomMessages(1, "g").append(3, 100);
    byte[] damaged = RawSocket.frame("g", append);
    damaged[damaged.length - 1] ^= 1;
    byte[] cut = RawSocket.frame("g", append);
    // Ends within the second entry, as the length in front says.
    int shorter = cut.length / 2;
    cut[2] = (byte) (shorter >> 8);
    cut[3] = (byte) shorter;
    try (LogCapture log = new LogCapture(SocketTransport.class)) {
      bulk.writeBytes(damaged);
      bulk.writeBytes(0, 0, 0, 1, 99);
      bulk.writeBytes(0, 0, 0, 3, 0, 10, 127);
      bulk.writeBytes(Arrays.copyOf(cut, Integer.BYTES + shorter));
      bulk.write("g", append);
      assertThat(a.next().message()).isEqualTo(append);
      assertThat(a.transport.stats().droppedMalformed()).isEqualTo(4);
      log.await("a message from 'n2' on BULK is dropped", "entry checksum mismatch");
      assertThat(log.countWith("is dropped")).as("warnings for four frames").isOne();
    }
  }

  @Test
  void aFrameLengthThatCannotBeCostsTheConnection() {
    TestNode a = join("n1", new SocketTransportOptions());
    RawSocket control = peer(StreamKind.CONTROL);
    try (LogCapture log = new LogCapture(SocketTransport.class)) {
      control.writeBytes(0xff, 0xff, 0xff, 0xff, 1);
      control.awaitClosed();
      log.await("'c/g/n1' hangs up", "a frame of 4294967295 bytes");
      RawSocket empty = peer(StreamKind.CONTROL);
      empty.writeBytes(0, 0, 0, 0);
      empty.awaitClosed();
    }
    assertThat(a.transport.stats().droppedMalformed()).isEqualTo(2);
    peer(StreamKind.CONTROL).write("g", new Heartbeat(1, 1, 1, 1, 0));
    assertThat(a.next().message()).isEqualTo(new Heartbeat(1, 1, 1, 1, 0));
  }

  @Test
  void randomBytesOnThePeerPortLeaveTheNodeHealthy() {
    TestNode a = join("n1", new SocketTransportOptions());
    TestNode b = join("n2", new SocketTransportOptions());
    a.awaitStreams(b, "n2");
    Random random = new Random(42);
    byte[] magic = "RAFT\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 40; i++) {
      byte[] noise = new byte[1 + random.nextInt(4_000)];
      random.nextBytes(noise);
      RawSocket stranger = RawSocket.connect(vertx, n2.port());
      if (i % 2 == 1) {
        stranger.socket.write(Buffer.buffer(magic));
      }
      stranger.socket.write(Buffer.buffer(noise));
      if (i % 4 < 2) {
        stranger.socket.close();
      }
    }
    a.endpoint.send("n2", new Heartbeat(8, 8, 1, 8, 0));
    assertThat(b.next(Heartbeat.class)).isEqualTo(new Heartbeat(8, 8, 1, 8, 0));
    assertThat(a.lastingStreams()).allMatch(peer -> peer.connected() && peer.connects() == 1);
  }

  @Test
  void strangersAreAFewLinesInTheLog() {
    TestNode a = join("n1", new SocketTransportOptions());
    try (LogCapture log = new LogCapture(SocketTransport.class)) {
      for (int i = 0; i < 20; i++) {
        RawSocket http = RawSocket.connect(vertx, n1.port());
        http.socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(http.answer().get(Greeting.STATUS)).isEqualTo("UNAUTHENTICATED");
        http.awaitClosed();
        RawSocket tls = RawSocket.connect(vertx, n1.port());
        tls.writeBytes(22, 3, 1, 0, 5);
        tls.awaitClosed();
      }
      log.await("'c/g/n1' refuses a stream", "it speaks HTTP");
      assertThat(log.countWith("n1")).isOne();
      assertThat(a.transport.stats().refusedStreams()).isEqualTo(40);
    }
  }

  @Test
  void heartbeatsPassWhileTheBulkStreamIsClogged() {
    Map<String, RawSocket> streams = new ConcurrentHashMap<>();
    fakePeer(streams);
    TestNode a = join("n1", new SocketTransportOptions().setBulkQueueBytesMax(16L * 1024 * 1024));
    TestNode.until(vertx, () -> a.lastingStreams().stream().allMatch(PeerStatus::connected));
    streams.get("BULK").socket.pause();

    ForwardRequest megabyte = new ForwardRequest(1, 1, new byte[1024 * 1024]);
    while (a.transport.stats().droppedQueueFull() == 0) {
      a.endpoint.send("n2", megabyte);
    }
    a.endpoint.send("n2", new Heartbeat(7, 7, 1, 7, 0));
    streams.get("CONTROL").awaitBytes(RawSocket.frame("g", new Heartbeat(7, 7, 1, 7, 0)));
  }

  @Test
  void aQuietStreamIsKeptAliveByPings() {
    Map<String, RawSocket> streams = new ConcurrentHashMap<>();
    fakePeer(streams);
    TestNode a = join("n1", new SocketTransportOptions().setPeerIdleTimeoutMs(100));
    TestNode.until(vertx, () -> streams.size() >= 2);
    streams.get("BULK").awaitBytes(new byte[] {0, 0, 0, 1, FrameType.PING});
    // Nobody answers them.
    TestNode.until(
        vertx,
        () ->
            a.lastingStreams().stream()
                .allMatch(peer -> peer.lastError().contains("peerIdleTimeoutMs 100")));
  }

  @Test
  void pingsAreAnsweredByTheListener() {
    join("n1", new SocketTransportOptions());
    RawSocket control = peer(StreamKind.CONTROL);
    control.writeBytes(0, 0, 0, 1, FrameType.PING);
    assertThat(control.awaitBeyondGreeting(4).getBytes())
        .isEqualTo(new byte[] {0, 0, 0, 1, FrameType.PONG});
  }

  @Test
  void whoAsksAndDoesNotReadFillsItsOwnQueueOnly() throws Exception {
    TestNode a = join("n1", new SocketTransportOptions());
    RawSocket asker = peer(StreamKind.SNAPSHOT);
    RawSocket control = peer(StreamKind.CONTROL);
    asker.socket.pause();
    var piece =
        new SnapshotReply(1, SnapshotReply.Outcome.OK, new byte[256 * 1024], false, 256 * 1024);
    for (int i = 0; i < 1_000; i++) {
      a.endpoint.send("n2", piece);
    }
    assertThat(a.transport.stats().droppedDisconnected()).isZero();
    assertThat(a.transport.stats().droppedQueueFull()).isPositive();
    HeartbeatReply reply = new HeartbeatReply(1, 1, 0, 0);
    a.endpoint.send("n2", reply);
    byte[] frame = RawSocket.frame("g", reply);
    assertThat(control.awaitBeyondGreeting(frame.length - 1).getBytes()).isEqualTo(frame);
    assertThat(a.transport.stats().snapshotBytesSent()).isLessThan(16L * 1024 * 1024);

    // It stays paused: who does not read keeps nobody from closing. That shows when it writes.
    get(a.transport.close());
    control.awaitClosed();
    AtomicBoolean gone = new AtomicBoolean();
    Buffer ping = Buffer.buffer(new byte[] {0, 0, 0, 1, FrameType.PING});
    TestNode.until(
        vertx,
        () -> {
          asker.socket.write(ping).onFailure(e -> gone.set(true));
          return gone.get();
        });
  }

  @Test
  void aPeerThatDoesNotKnowTheSnapshotStreamIsNamedOnceAndLeftInPeace() {
    Map<String, RawSocket> streams = new ConcurrentHashMap<>();
    fakePeer(streams);
    try (LogCapture log = new LogCapture(SocketTransport.class)) {
      TestNode a = join("n1", new SocketTransportOptions());
      TestNode.until(vertx, () -> a.lastingStreams().stream().allMatch(PeerStatus::connected));
      SnapshotRequest request = new SnapshotRequest(1, 1, "", 0, 100, false);
      a.endpoint.send("n2", request);
      log.await("n2=", "does not know the SNAPSHOT stream", "until it is upgraded");
      long before = a.transport.stats().droppedDisconnected();
      for (int i = 0; i < 100; i++) {
        a.endpoint.send("n2", request);
      }
      assertThat(a.transport.stats().droppedDisconnected() - before).isEqualTo(100);
      assertThat(log.countWith("n2=")).isOne();
      assertThat(a.snapshotStream().lastError()).contains("UNIMPLEMENTED");
    }
  }

  /**
   * A listener that passes for n2 of a version before snapshots, reads what comes, and says nothing
   * more.
   */
  private void fakePeer(Map<String, RawSocket> streams) {
    MultiMap answer = MultiMap.caseInsensitiveMultiMap();
    Handshake.putResponse(answer, new GroupIdentity("c", "g", "n2"));
    get(
        vertx
            .createNetServer()
            .connectHandler(socket -> greet(socket, answer, streams))
            .listen(n2.port(), HOST));
  }

  private static void greet(NetSocket socket, MultiMap answer, Map<String, RawSocket> streams) {
    RawSocket stream = new RawSocket(socket);
    stream.whenGreeted(
        greeting -> {
          streams.put(greeting.get(Greeting.STREAM), stream);
          boolean known = !greeting.get(Greeting.STREAM).equals("SNAPSHOT");
          socket.write(BufferInternal.buffer(Greeting.encode(known ? answer : UNKNOWN)));
        });
  }

  private RawSocket peer(StreamKind kind) {
    return RawSocket.open(vertx, n1.port(), kind, RawSocket.greeting("c", "n2", "n1"));
  }

  private TestNode join(String node, SocketTransportOptions options) {
    return TestNode.join(vertx, SocketTransport.create(vertx, options), "c", "g", node, n1, n2);
  }
}
