package io.vertxraft.socket;

import static io.vertxraft.peer.TestNode.HOST;
import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.LogCapture;
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
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may speak, and to whom. */
class SocketIdentityTest {
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
  void aCallerIsToldWhyItIsRefused() {
    TestNode a = join("c", "n1");
    refused(RawSocket.greeting("x", "n2", "n1"), "PERMISSION_DENIED", "cluster is 'x'");
    refused(RawSocket.greeting("c", "n9", "n1"), "PERMISSION_DENIED", "node 'n9' is not");
    refused(RawSocket.greeting("c", "n1", "n1"), "PERMISSION_DENIED", "node 'n1' is not");
    refused(
        RawSocket.greeting("c", "n2", "n7"),
        "FAILED_PRECONDITION",
        "looks for node 'n7', this is node 'n1'");
    refused(MultiMap.caseInsensitiveMultiMap(), "UNAUTHENTICATED", "does not say who it is");
    refused(
        RawSocket.greeting("c", "n2", "n1").set(Handshake.VERSION_KEY, "2"),
        "FAILED_PRECONDITION",
        "protocol version '2' is not spoken here");
    refused(
        RawSocket.greeting("no such thing! <b>", "n2", "n1"),
        "PERMISSION_DENIED",
        "cluster is (not an id)");
    assertThat(a.transport.stats().refusedStreams()).isEqualTo(7L * StreamKind.values().length);
  }

  @Test
  void aStreamOfAnUnknownKindIsRefused() {
    join("c", "n1");
    RawSocket caller = RawSocket.connect(vertx, n1.port());
    caller.greet(RawSocket.greeting("c", "n2", "n1").set(Greeting.STREAM, "GOSSIP"));
    assertThat(caller.answer().get(Greeting.STATUS)).isEqualTo("UNIMPLEMENTED");
    caller.awaitClosed();
  }

  private void refused(MultiMap greeting, String status, String reason) {
    for (StreamKind kind : StreamKind.values()) {
      RawSocket caller = RawSocket.open(vertx, n1.port(), kind, greeting);
      assertThat(caller.answer().get(Greeting.STATUS)).isEqualTo(status);
      assertThat(caller.answer().get(Greeting.MESSAGE)).contains(reason);
      caller.awaitClosed();
    }
  }

  @Test
  void twoClustersWiredTogetherByMistakeDoNotMix() {
    try (LogCapture log = new LogCapture(SocketTransport.class)) {
      TestNode a = join("blue", "n1");
      TestNode b = join("red", "n2");
      log.await("'blue/g/n1' refuses a stream", "cluster is 'red', this is cluster 'blue'");
      log.await("'red/g/n2' and n1=", "PERMISSION_DENIED", "'red'", "'blue'");
      a.endpoint.send("n2", new SnapshotRequest(3, 1, "", 0, 100, false));
      TestNode.until(vertx, () -> !a.snapshotStream().lastError().isEmpty());
      assertThat(a.snapshotStream().lastError()).contains("PERMISSION_DENIED", "'red'", "'blue'");
      a.endpoint.send("n2", new StatusRequest(1));
      assertThat(a.transport.peers()).noneMatch(PeerStatus::connected);
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
    Queue<RawSocket> callers = new ConcurrentLinkedQueue<>();
    get(
        vertx
            .createNetServer()
            .connectHandler(
                socket -> {
                  RawSocket caller = new RawSocket(socket);
                  callers.add(caller);
                  socket.write(
                      BufferInternal.buffer(
                          Greeting.encode(MultiMap.caseInsensitiveMultiMap().addAll(answer))));
                })
            .listen(impostor.port(), HOST));
    try (LogCapture log = new LogCapture(SocketTransport.class)) {
      SocketTransport transport =
          SocketTransport.create(vertx, new SocketTransportOptions().setReconnectDelayMaxMs(100));
      TestNode a = TestNode.join(vertx, transport, "c", "g", "n1", me, impostor);
      log.await("'c/g/n1' and n2=", reason);
      // Each caller says the greeting and no more; so it goes on with every retry.
      int callersMin = 2 * StreamKind.values().length;
      TestNode.until(
          vertx,
          () -> {
            a.endpoint.send("n2", new Heartbeat(1, 1, 1, 1, 0));
            a.endpoint.send("n2", new SnapshotRequest(1, 1, "", 0, 100, false));
            return callers.size() >= callersMin;
          });
      int greeting = callers.peek().receivedBytes();
      assertThat(callers)
          .allMatch(caller -> caller.receivedBytes() <= greeting + "SNAPSHOT".length());
      assertThat(transport.peers()).noneMatch(PeerStatus::connected);
      assertThat(log.countWith("'c/g/n1' and n2=")).as("repeated at once").isOne();
      get(transport.close());
    }
  }

  @Test
  void aNodeThatHasLeftItsGroupsTurnsItsPeersAwayWithoutAWarning() {
    try (LogCapture log = new LogCapture(SocketTransport.class)) {
      TestNode a = join("c", "n1");
      get(a.endpoint.close());
      refused(RawSocket.greeting("c", "n2", "n1"), "UNAVAILABLE", "node 'n2' is not");
      assertThat(log.countWith("n2")).as("warnings").isZero();
      TestNode b = join("c", "n2");
      TestNode again = TestNode.join(vertx, a.transport, "c", "g", "n1", n1, n2);
      again.awaitStreams(b, "n2");
      b.awaitStreams(again, "n1");
    }
  }

  @Test
  void aNodeOfOneGroupCannotSpeakInAnother() {
    TestNode a = join("c", "n1");
    TestNode other = TestNode.join(vertx, a.transport, "c", "g2", "n1", n1, address("n3"));
    RawSocket peer = peer(StreamKind.CONTROL);
    peer.write("g2", new Heartbeat(1, 1, 1, 1, 0));
    peer.write("nowhere", new Heartbeat(2, 2, 1, 2, 0));
    peer.write("g", new Heartbeat(3, 3, 1, 3, 0));
    assertThat(a.next().message()).isEqualTo(new Heartbeat(3, 3, 1, 3, 0));
    assertThat(other.received).isEmpty();
    assertThat(a.transport.stats().droppedForeign()).isEqualTo(2);
  }

  @Test
  void eachStreamTakesItsOwnKindOfMessagesOnly() {
    TestNode a = join("c", "n1");
    RawSocket control = peer(StreamKind.CONTROL);
    control.write(
        "g",
        new HeartbeatReply(1, 1, 0, 0),
        new AppendEntries(1, 0, 0, 0, List.of()),
        new Heartbeat(3, 3, 1, 3, 0));
    assertThat(a.next().message()).isEqualTo(new Heartbeat(3, 3, 1, 3, 0));
    assertThat(a.transport.stats().droppedForeign()).isEqualTo(2);

    SnapshotRequest request = new SnapshotRequest(1, 1, "data", 0, 100, false);
    peer(StreamKind.SNAPSHOT)
        .write(
            "g",
            new Heartbeat(1, 1, 1, 1, 0),
            new SnapshotReply(1, SnapshotReply.Outcome.OK, new byte[10], false, 10),
            new SnapshotRequest(1, 1, "../log", 0, 100, false),
            request);
    assertThat(a.next().message()).isEqualTo(request);
    assertThat(a.transport.stats().droppedForeign()).isEqualTo(4);
    assertThat(a.transport.stats().droppedMalformed()).isOne();
  }

  @Test
  void theNewerStreamOfAPeerReplacesTheOlder() {
    TestNode a = join("c", "n1");
    RawSocket older = peer(StreamKind.CONTROL);
    try (LogCapture log = new LogCapture(SocketTransport.class)) {
      RawSocket newer = peer(StreamKind.CONTROL);
      log.await("'n2' opened a new CONTROL stream", "two processes use this node id");
      older.awaitClosed();
      HeartbeatReply reply = new HeartbeatReply(1, 1, 0, 0);
      a.endpoint.send("n2", reply);
      byte[] frame = RawSocket.frame("g", reply);
      assertThat(newer.awaitBeyondGreeting(frame.length - 1).getBytes()).isEqualTo(frame);
    }
  }

  private RawSocket peer(StreamKind kind) {
    return RawSocket.open(vertx, n1.port(), kind, RawSocket.greeting("c", "n2", "n1"));
  }

  private TestNode join(String cluster, String node) {
    return TestNode.join(vertx, SocketTransport.create(vertx), cluster, "g", node, n1, n2);
  }
}
