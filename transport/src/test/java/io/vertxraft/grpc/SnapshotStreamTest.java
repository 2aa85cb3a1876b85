package io.vertxraft.grpc;

import static io.vertxraft.grpc.TestNode.HOST;
import static io.vertxraft.grpc.TestNode.address;
import static io.vertxraft.grpc.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.grpc.server.GrpcServer;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
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
    b.endpoint.send("n1", reply(1, 10));
    assertThat(a.next().message()).usingRecursiveComparison().isEqualTo(reply(1, 10));
    assertThat(a.snapshotStream().connected()).isTrue();
    assertThat(a.snapshotStream().connects()).isOne();
    assertThat(b.snapshotStream().connects()).as("b has asked for nothing").isZero();
    assertThat(a.transport.stats().droppedDisconnected()).isEqualTo(dropped);
  }

  @Test
  void aPeerThatDoesNotKnowTheStreamIsNamedOnceAndLeftInPeace() {
    GrpcServer old = GrpcServer.server(vertx);
    for (StreamKind kind : StreamKind.values()) {
      if (kind != StreamKind.SNAPSHOT) {
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
            .requestHandler(old)
            .listen(n2.port(), HOST));
    try (LogCapture log = new LogCapture()) {
      TestNode a = join("n1", new GrpcTransportOptions());
      a.endpoint.send("n2", request(1));
      System.out.println(log.await("does not know the SNAPSHOT stream"));
      System.out.println(a.transport.peers());
    }
  }

  private static SnapshotRequest request(long id) {
    return new SnapshotRequest(id, 7, "data", 0, 1_000, false);
  }

  private static SnapshotReply reply(long id, int bytes) {
    return new SnapshotReply(id, SnapshotReply.Outcome.OK, new byte[bytes], false, bytes);
  }

  private TestNode join(String node, GrpcTransportOptions options) {
    return TestNode.join(vertx, GrpcTransport.create(vertx, options), "c", "g", node, n1, n2);
  }
}
