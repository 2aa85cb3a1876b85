package io.vertxraft.socket;

import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertxraft.grpc.GrpcTransport;
import io.vertxraft.peer.LogCapture;
import io.vertxraft.peer.PeerStatus;
import io.vertxraft.peer.TestNode;
import io.vertxraft.spi.PeerAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members of one group with different transports. */
class WrongTransportTest {
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
  void bothAreToldThatTheyNeedTheSame() {
    try (LogCapture sockets = new LogCapture(SocketTransport.class);
        LogCapture grpc = new LogCapture(GrpcTransport.class)) {
      TestNode a = TestNode.join(vertx, SocketTransport.create(vertx), "c", "g", "n1", n1, n2);
      TestNode b = TestNode.join(vertx, GrpcTransport.create(vertx), "c", "g", "n2", n1, n2);
      sockets.await("'c/g/n1' refuses a stream", "gRPC transport", "the same transport");
      sockets.await("'c/g/n1' and n2=", "gRPC transport", "the same transport");
      grpc.await("'c/g/n2' and n1=", "does not speak HTTP/2", "the same transport");
      assertThat(a.transport.peers()).noneMatch(PeerStatus::connected);
      assertThat(b.transport.peers()).noneMatch(PeerStatus::connected);
    }
  }
}
