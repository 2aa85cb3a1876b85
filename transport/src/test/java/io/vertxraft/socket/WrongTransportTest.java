package io.vertxraft.socket;

import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertxraft.grpc.GrpcTransport;
import io.vertxraft.grpc.GrpcTransportOptions;
import io.vertxraft.peer.Certificates;
import io.vertxraft.peer.LogCapture;
import io.vertxraft.peer.PeerStatus;
import io.vertxraft.peer.TestNode;
import io.vertxraft.spi.PeerAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    assertToldOf(new SocketTransportOptions(), new GrpcTransportOptions());
  }

  @Test
  void bothAreToldInSpiteOfEncryption(@TempDir Path keys) throws Exception {
    Certificates certificates = new Certificates(keys);
    certificates.make("n1", "CN=n1", null);
    certificates.make("n2", "CN=n2", null);
    var trust = certificates.trust("n1", "n2");
    assertToldOf(
        new SocketTransportOptions()
            .setConnectTimeoutMs(20_000)
            .setKeyCertOptions(certificates.key("n1"))
            .setTrustOptions(trust),
        new GrpcTransportOptions()
            .setConnectTimeoutMs(20_000)
            .setKeyCertOptions(certificates.key("n2"))
            .setTrustOptions(trust));
  }

  private void assertToldOf(SocketTransportOptions first, GrpcTransportOptions second) {
    try (LogCapture sockets = new LogCapture(SocketTransport.class);
        LogCapture grpc = new LogCapture(GrpcTransport.class)) {
      SocketTransport a = SocketTransport.create(vertx, first);
      GrpcTransport b = GrpcTransport.create(vertx, second);
      TestNode.join(vertx, a, "c", "g", "n1", n1, n2);
      TestNode.join(vertx, b, "c", "g", "n2", n1, n2);
      sockets.await("'c/g/n1' refuses a stream", "gRPC transport", "the same transport");
      sockets.await("'c/g/n1' and n2=", "gRPC transport", "the same transport");
      grpc.await("'c/g/n2' and n1=", "does not speak HTTP/2", "the same transport");
      assertThat(a.peers()).noneMatch(PeerStatus::connected);
      assertThat(b.peers()).noneMatch(PeerStatus::connected);
    }
  }
}
