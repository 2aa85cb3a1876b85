package io.vertxraft.grpc;

import static io.vertxraft.grpc.GrpcClientChannelTest.rejected;
import static io.vertxraft.grpc.ServingMember.client;
import static io.vertxraft.grpc.ServingMember.command;
import static io.vertxraft.grpc.ServingMember.serving;
import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.peer.Certificates;
import io.vertxraft.peer.TestNode;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.PeerAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients and members that prove by certificates who they are. */
class ClientTlsTest {
  private static final long LONG_MS = TimeUnit.SECONDS.toMillis(TestNode.WAIT_SECONDS);
  private static final int CONNECT_TIMEOUT_MS = 20_000;

  private static Certificates certificates;
  @TempDir static Path keys;

  private Vertx vertx;
  private final PeerAddress n1 = address("n1");
  private final PeerAddress n2 = address("n2");

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = new Certificates(keys);
    certificates.make("n1", "CN=n1", "SAN=uri:raft://c/n1");
    certificates.make("app", "CN=orders-app", null);
    certificates.make("unknown", "CN=orders-app", null);
  }

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stop() {
    get(vertx.close());
  }

  @Test
  void aClientWithATrustedCertificateOfAnyNameIsServed() {
    ServingMember member = member();
    GrpcClientChannel channel = GrpcClientChannel.create(vertx, options(member, "app"));
    Future<ClientReply> sent = channel.send(null, command("put"), LONG_MS);
    member.next().ok("done");
    assertThat(get(sent).body()).hasToString("done");
  }

  @Test
  void aClientWithACertificateThatNobodyTrustsOrWithoutTlsGetsNowhere() {
    ServingMember member = member();
    for (GrpcClientChannelOptions stranger :
        new GrpcClientChannelOptions[] {
          options(member, "unknown"), client(member.seed()).setConnectTimeoutMs(1_000)
        }) {
      GrpcClientChannel channel = GrpcClientChannel.create(vertx, stranger);
      assertThat(rejected(channel.send(null, command("put"), LONG_MS)).reason())
          .isEqualTo(Rejected.Reason.NOT_LEADER);
    }
    assertThat(member.asked).isEmpty();
  }

  @Test
  void aMemberWhoseCertificateNamesAnotherIsNotSpokenTo() {
    ServingMember impostor =
        new ServingMember(
            vertx,
            serving()
                .setKeyCertOptions(certificates.key("app"))
                .setTrustOptions(certificates.trust("app")),
            n1);
    GrpcClientChannel channel = GrpcClientChannel.create(vertx, options(impostor, "app"));
    assertThat(rejected(channel.send(null, command("put"), LONG_MS)))
        .hasMessageContaining("names [orders-app], not node 'n1' of cluster 'c'");
    assertThat(impostor.asked).isEmpty();
  }

  @Test
  void aClientsCertificateDoesNotMakeItAPeer() {
    ServingMember member = member();
    GrpcTransportOptions asPeer =
        new GrpcTransportOptions()
            .setConnectTimeoutMs(CONNECT_TIMEOUT_MS)
            .setKeyCertOptions(certificates.key("app"))
            .setTrustOptions(certificates.trust("n1", "app"));
    TestNode pretender =
        TestNode.join(vertx, GrpcTransport.create(vertx, asPeer), "c", "g", "n2", n1, n2);
    TestNode.until(
        vertx,
        () ->
            pretender.lastingStreams().stream()
                .allMatch(stream -> stream.lastError().contains("UNAUTHENTICATED")));
    assertThat(pretender.lastingStreams())
        .allMatch(stream -> stream.lastError().contains("names [orders-app], not node 'n2'"));
    assertThat(member.messages).isEmpty();
  }

  private ServingMember member() {
    return new ServingMember(
        vertx,
        serving()
            .setConnectTimeoutMs(CONNECT_TIMEOUT_MS)
            .setKeyCertOptions(certificates.key("n1"))
            .setTrustOptions(certificates.trust("n1", "app")),
        n1,
        n2);
  }

  private static GrpcClientChannelOptions options(ServingMember member, String key) {
    return client(member.seed())
        .setConnectTimeoutMs(CONNECT_TIMEOUT_MS)
        .setKeyCertOptions(certificates.key(key))
        .setTrustOptions(certificates.trust("n1", "app"));
  }
}
