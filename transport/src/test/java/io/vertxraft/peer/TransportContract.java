package io.vertxraft.peer;

import static io.vertxraft.peer.TestNode.HOST;
import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.ForwardRequest;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import io.vertxraft.spi.PeerAddress;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** Two nodes on real sockets. */
public abstract class TransportContract extends ContractTest {
  private final PeerAddress n1 = address("n1");
  private final PeerAddress n2 = address("n2");

  @Test
  void messagesTravelBothWaysAndArriveOnTheGroupsContext() {
    TestNode a = join("n1");
    TestNode b = join("n2");
    a.awaitStreams(b, "n2");
    b.awaitStreams(a, "n1");

    VoteRequest vote = VoteRequest.of(3, 10, 2);
    a.endpoint.send("n2", vote);
    assertThat(b.next()).isEqualTo(new TestNode.Received("n1", vote, true));

    AppendEntries append = new RandomMessages(1, "g").append(50, 5_000);
    b.endpoint.send("n1", append);
    assertThat(a.next()).isEqualTo(new TestNode.Received("n2", append, true));
  }

  @Test
  void messagesTravelBetweenEventLoopsAsWell() {
    TestNode a = join("n1");
    PeerTransport apart = transport(o -> o.setOwnEventLoops(true));
    TestNode b = TestNode.join(vertx, apart, "c", "g", "n2", n1, n2);
    a.awaitStreams(b, "n2");
    b.awaitStreams(a, "n1");
  }

  @Test
  void everyMessageTypeTravels() {
    TestNode a = join("n1");
    TestNode b = join("n2");
    a.awaitStreams(b, "n2");
    RandomMessages messages = new RandomMessages(7, "g");
    for (int type = 0; type < RandomMessages.TYPES; type++) {
      Message message = messages.ofType(type);
      // A reply from b needs a's stream to b, a request its own: a's is up, so a sends requests.
      boolean reply = StreamKind.isReply(message);
      (reply ? b : a).endpoint.send(reply ? "n1" : "n2", message);
      assertThat((reply ? a : b).next().message()).usingRecursiveComparison().isEqualTo(message);
    }
  }

  @Test
  void repliesComeBackOnTheStreamThatBroughtTheRequest() {
    // n2 cannot connect to n1: only the response side of n1's stream leads there.
    PeerAddress unreachable = new PeerAddress("n1", HOST, 1);
    TestNode a = join("n1");
    TestNode b = TestNode.join(vertx, transport(), "c", "g", "n2", unreachable, n2);
    a.awaitStreams(b, "n2");

    b.endpoint.send("n1", new HeartbeatReply(5, 99, 0, 0));
    assertThat(a.next().message()).isEqualTo(new HeartbeatReply(5, 99, 0, 0));
    b.endpoint.send("n1", AppendEntriesReply.accepted(5, 17));
    assertThat(a.next().message()).isEqualTo(AppendEntriesReply.accepted(5, 17));
    assertThat(b.transport.peers()).noneMatch(PeerStatus::connected);
  }

  @Test
  void messagesOfOneKindKeepTheirOrder() {
    TestNode a = join("n1");
    TestNode b = join("n2");
    a.awaitStreams(b, "n2");
    for (long i = 0; i < 5_000; i++) {
      a.endpoint.send("n2", new Heartbeat(1, i, 1, i, 0));
    }
    for (long i = 0; i < 5_000; i++) {
      assertThat(b.next().message()).isEqualTo(new Heartbeat(1, i, 1, i, 0));
    }
  }

  @Test
  void aPeerThatComesBackOnTheSamePortIsReachedAgain() {
    TestNode a = join("n1");
    TestNode b = join("n2");
    a.awaitStreams(b, "n2");

    get(b.transport.close());
    a.endpoint.send("n2", new StatusRequest(1));
    TestNode again = join("n2");

    a.awaitStreams(again, "n2");
    again.endpoint.send("n1", new VoteReply(4, true));
    assertThat(a.next().message()).isEqualTo(new VoteReply(4, true));
    assertThat(a.lastingStreams()).allMatch(peer -> peer.connects() >= 2);
  }

  @Test
  void aPeerThatStartsLaterIsReachedThen() {
    TestNode a = join("n1");
    a.endpoint.send("n2", new StatusRequest(1));
    TestNode b = join("n2");
    a.awaitStreams(b, "n2");
    b.awaitStreams(a, "n1");
  }

  @Test
  void twoGroupsShareTheConnectionsAndKeepTheirMessagesApart() {
    PeerTransport t1 = transport();
    PeerTransport t2 = transport();
    TestNode a1 = TestNode.join(vertx, t1, "c", "orders", "n1", n1, n2);
    TestNode b1 = TestNode.join(vertx, t2, "c", "orders", "n2", n1, n2);
    a1.awaitStreams(b1, "n2");
    TestNode a2 = TestNode.join(vertx, t1, "c", "billing", "n1", n1, n2);
    TestNode b2 = TestNode.join(vertx, t2, "c", "billing", "n2", n1, n2);

    a2.endpoint.send("n2", new Heartbeat(2, 2, 1, 2, 0));
    a1.endpoint.send("n2", new Heartbeat(1, 1, 1, 1, 0));
    assertThat(b1.next().message()).isEqualTo(new Heartbeat(1, 1, 1, 1, 0));
    assertThat(b2.next().message()).isEqualTo(new Heartbeat(2, 2, 1, 2, 0));
    assertThat(a1.lastingStreams())
        .hasSize(2)
        .allMatch(peer -> peer.connected() && peer.connects() == 1);
    assertThat(t1.peers()).as("one more, for snapshots").hasSize(3);

    get(a1.endpoint.close());
    a2.endpoint.send("n2", new Heartbeat(3, 3, 1, 3, 0));
    assertThat(b2.next().message()).isEqualTo(new Heartbeat(3, 3, 1, 3, 0));
    get(a2.endpoint.close());
    assertThat(t1.peers()).isEmpty();
  }

  @Test
  void aGroupThatWasLeftReceivesNothingMore() {
    TestNode a = join("n1");
    TestNode b = join("n2");
    a.awaitStreams(b, "n2");
    get(b.endpoint.close());
    get(b.endpoint.close());
    for (int i = 0; i < 100; i++) {
      a.endpoint.send("n2", new Heartbeat(1, i, 1, i, 0));
    }
    // The port stays open for other groups: a new one gets through to the node.
    TestNode b2 = TestNode.join(vertx, b.transport, "c", "g2", "n2", n1, n2);
    TestNode a2 = TestNode.join(vertx, a.transport, "c", "g2", "n1", n1, n2);
    a2.awaitStreams(b2, "n2");
    assertThat(b.received).isEmpty();
  }

  @Test
  void aPortInUseIsAClearError() throws Exception {
    try (ServerSocket taken = new ServerSocket(n1.port(), 50, InetAddress.getByName(HOST))) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(() -> join("n1"))
          .hasMessageContaining("node 'n1' cannot listen on 127.0.0.1:" + n1.port())
          .hasMessageContaining("in use");
    }
  }

  @Test
  void aFailedJoinCanBeRepeatedOnceThePortIsFree() throws Exception {
    PeerTransport transport = transport();
    try (ServerSocket taken = new ServerSocket(n1.port(), 50, InetAddress.getByName(HOST))) {
      assertThat(taken.isBound()).isTrue();
      assertThatThrownBy(() -> TestNode.join(vertx, transport, "c", "g", "n1", n1, n2))
          .hasMessageContaining("cannot listen");
    }
    TestNode a = TestNode.join(vertx, transport, "c", "g", "n1", n1, n2);
    TestNode b = join("n2");
    a.awaitStreams(b, "n2");
  }

  @Test
  void theBindAddressMayDifferFromTheMembersList() {
    PeerAddress published = new PeerAddress("n2", HOST, n2.port());
    int inside = TestNode.freePort();
    PeerTransport transport = transport(o -> o.setBindHost(HOST).setBindPort(inside));
    TestNode b = TestNode.join(vertx, transport, "c", "g", "n2", n1, published);
    TestNode a =
        TestNode.join(vertx, transport(), "c", "g", "n1", n1, new PeerAddress("n2", HOST, inside));
    a.awaitStreams(b, "n2");
  }

  @Test
  void contradictionsBetweenGroupsAreRefused() {
    TestNode a = join("n1");
    PeerTransport t = a.transport;
    assertThatThrownBy(() -> TestNode.join(vertx, t, "c", "g", "n1", n1, n2))
        .hasMessageContaining("group 'g' is already joined");
    assertThatThrownBy(() -> TestNode.join(vertx, t, "other", "g2", "n1", n1, n2))
        .hasMessageContaining("contradicts c/g/n1");
    assertThatThrownBy(() -> TestNode.join(vertx, t, "c", "g2", "n2", n1, n2))
        .hasMessageContaining("contradicts c/g/n1");
    assertThatThrownBy(
            () -> TestNode.join(vertx, t, "c", "g2", "n1", n1, new PeerAddress("n2", HOST, 1)))
        .hasMessageContaining("a node has one address");
    assertThatThrownBy(() -> TestNode.join(vertx, t, "c", "g2", "n1", n2))
        .hasMessageContaining("'n1' is not among the members");
  }

  @Test
  void closingIsIdempotentAndFreesThePort() {
    TestNode a = join("n1");
    TestNode b = join("n2");
    a.awaitStreams(b, "n2");
    get(a.transport.close());
    get(a.transport.close());
    get(a.endpoint.close());
    a.endpoint.send("n2", new StatusRequest(1));
    a.endpoint.send("n2", new HeartbeatReply(1, 1, 0, 0));
    assertThatThrownBy(() -> TestNode.join(vertx, a.transport, "c", "g", "n1", n1, n2))
        .hasMessageContaining("closed");
    TestNode again = join("n1");
    b.awaitStreams(again, "n1");
    get(transport().close());
  }

  @Test
  void sendingToNobodyIsHarmless() {
    TestNode a = join("n1");
    a.endpoint.send("n2", new ForwardRequest(1, 1, new byte[10]));
    a.endpoint.send("n2", new HeartbeatReply(1, 1, 0, 0));
    a.endpoint.send("n1", new StatusRequest(1));
    a.endpoint.send("stranger", new StatusRequest(1));
    assertThat(a.transport.stats().droppedDisconnected()).isEqualTo(2);
    assertThat(a.transport.stats().droppedForeign()).isEqualTo(2);
  }

  private TestNode join(String node) {
    return TestNode.join(vertx, transport(), "c", "g", node, n1, n2);
  }
}
