package io.vertxraft.peer;

import static io.vertxraft.peer.TestNode.HOST;
import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.spi.PeerAddress;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The stream that is there only while snapshots are fetched. */
public abstract class SnapshotStreamContract extends ContractTest {
  protected final PeerAddress n1 = address("n1");
  protected final PeerAddress n2 = address("n2");

  @Test
  void itIsOpenedByTheFirstRequestWhichIsNotLost() {
    TestNode a = join("n1", o -> {});
    TestNode b = join("n2", o -> {});
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
    TestNode a = join("n1", o -> {});
    TestNode b = join("n2", o -> {});
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
    Consumer<PeerTransportOptions<?>> patient =
        o -> o.setQueueMessagesMax(10).setConnectTimeoutMs(600_000);
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
    TestNode a = join("n1", o -> {});
    a.endpoint.send("n2", request(1));
    TestNode.until(vertx, () -> a.transport.stats().droppedDisconnected() == 1);
    TestNode b = join("n2", o -> {});
    // In the pause after the failed attempt: it waits for the next one.
    a.endpoint.send("n2", request(2));
    assertThat(b.next().message()).isEqualTo(request(2));
    assertThat(a.transport.stats().droppedDisconnected()).isOne();
  }

  @Test
  void itIsClosedWhenNothingIsAskedAndOpenedAgain() {
    TestNode a = join("n1", o -> o.setSnapshotIdleTimeoutMs(20));
    TestNode b = join("n2", o -> {});
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
  void contentArrivesWholeAndInOrderWithATinyBandwidth() {
    TestNode a = join("n1", o -> {});
    TestNode b = join("n2", o -> o.setSnapshotBytesPerSecondMax(100_000));
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
    TestNode a = join("n1", o -> {});
    TestNode b = join("n2", o -> o.setSnapshotBytesPerSecondMax(16 * 1024));
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

  protected static SnapshotRequest request(long id) {
    return new SnapshotRequest(id, 7, "data", 0, 1_000, false);
  }

  protected static SnapshotReply reply(long id, int bytes) {
    return new SnapshotReply(id, SnapshotReply.Outcome.OK, content(id, bytes), false, bytes);
  }

  protected final TestNode join(String node, Consumer<PeerTransportOptions<?>> settings) {
    return TestNode.join(vertx, transport(settings), "c", "g", node, n1, n2);
  }
}
