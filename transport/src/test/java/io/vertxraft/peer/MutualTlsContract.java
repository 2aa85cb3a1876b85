package io.vertxraft.peer;

import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.protocol.StatusRequest;
import io.vertxraft.spi.PeerAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates on both sides, each bound to its node's id. */
public abstract class MutualTlsContract extends ContractTest {
  protected static Certificates certificates;
  @TempDir static Path keys;
  protected final PeerAddress n1 = address("n1");
  protected final PeerAddress n2 = address("n2");

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = new Certificates(keys);
    certificates.make("dns", "CN=host-a", "SAN=dns:n1");
    certificates.make("uri", "CN=host-b", "SAN=uri:raft://c/n2");
    certificates.make("cn", "CN=n2", null);
    certificates.make("other", "CN=n3", "SAN=dns:n3,uri:raft://other/n2");
    certificates.make("moved", "CN=n2", "SAN=dns:n2,uri:raft://other/n2");
    certificates.make("unknown", "CN=n2", null);
  }

  @Test
  void nodesWhoseCertificatesNameThemSpeakToEachOther() {
    for (String second : List.of("uri", "cn")) {
      TestNode a = join("n1", tls("dns"));
      TestNode b = join("n2", tls(second));
      a.awaitStreams(b, "n2");
      b.awaitStreams(a, "n1");
      a.endpoint.send("n2", request());
      assertThat(b.next(SnapshotRequest.class)).isEqualTo(request());
      var reply = new SnapshotReply(1, SnapshotReply.Outcome.OK, new byte[300_000], false, 300_000);
      b.endpoint.send("n1", reply);
      assertThat(a.next(SnapshotReply.class).data()).isEqualTo(reply.data());
      get(a.transport.close());
      get(b.transport.close());
    }
  }

  @Test
  void aTrustedCertificateOfAnotherNodeIsRefusedByBothSides() {
    try (LogCapture log = new LogCapture(logger())) {
      TestNode a = join("n1", tls("dns"));
      TestNode b = join("n2", tls("other"));
      // As a caller, n2 is refused by the listener n1; as a listener, by the caller n1.
      log.await("'c/g/n1' refuses a stream", "names [n3, raft://other/n2], not node 'n2'");
      log.await("'c/g/n1' and n2=", "names [n3, raft://other/n2], not node 'n2'");
      a.endpoint.send("n2", new StatusRequest(1));
      b.endpoint.send("n1", new StatusRequest(1));
      awaitError(a);
      awaitError(b);
      assertThat(a.snapshotStream().lastError()).contains("not node 'n2'");
      assertThat(b.snapshotStream().lastError()).contains("UNAUTHENTICATED");
      assertThat(a.transport.peers()).noneMatch(PeerStatus::connected);
      assertThat(b.transport.peers()).noneMatch(PeerStatus::connected);
    }
  }

  @Test
  void aCertificateForANodeOfAnotherClusterIsRefusedWhateverItsPlainNamesAre() {
    try (LogCapture log = new LogCapture(logger())) {
      TestNode a = join("n1", tls("dns"));
      TestNode b = join("n2", tls("moved"));
      log.await("'c/g/n1' refuses a stream", "raft://other/n2], not node 'n2' of cluster 'c'");
      log.await("'c/g/n1' and n2=", "raft://other/n2], not node 'n2' of cluster 'c'");
      assertThat(a.transport.peers()).noneMatch(PeerStatus::connected);
      assertThat(b.transport.peers()).noneMatch(PeerStatus::connected);
    }
  }

  @Test
  void anUntrustedCertificateAndPlainTextLeadNowhere() {
    TestNode a = join("n1", tls("dns"));
    TestNode stranger = join("n2", tls("unknown"));
    awaitError(stranger);
    awaitError(a);
    get(stranger.transport.close());

    TestNode plain = join("n2", o -> o.setConnectTimeoutMs(1_000));
    awaitError(plain);
    get(plain.transport.close());

    TestNode b = join("n2", tls("uri"));
    a.awaitStreams(b, "n2");
  }

  /** Waits until an attempt of each stream has failed. */
  private void awaitError(TestNode node) {
    node.endpoint.send(node.snapshotStream().peer().nodeId(), request());
    TestNode.until(
        vertx, () -> node.transport.peers().stream().noneMatch(peer -> peer.lastError().isEmpty()));
    assertThat(node.transport.peers()).noneMatch(PeerStatus::connected);
  }

  private static SnapshotRequest request() {
    return new SnapshotRequest(1, 1, "", 0, 100, false);
  }

  protected Consumer<PeerTransportOptions<?>> tls(String file) {
    return o ->
        o.setConnectTimeoutMs(20_000)
            .setKeyCertOptions(certificates.key(file))
            .setTrustOptions(certificates.trust("dns", "uri", "cn", "other", "moved"));
  }

  protected final TestNode join(String node, Consumer<PeerTransportOptions<?>> settings) {
    return TestNode.join(vertx, transport(settings), "c", "g", node, n1, n2);
  }
}
