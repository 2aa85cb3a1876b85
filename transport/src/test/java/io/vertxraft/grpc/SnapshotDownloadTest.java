package io.vertxraft.grpc;

import static io.vertxraft.peer.TestNode.address;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertxraft.peer.PeerStatus;
import io.vertxraft.peer.Proxy;
import io.vertxraft.peer.TestNode;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.spi.PeerAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A snapshot of 64 MiB, four pieces under way at a time, over a cable one can cut. */
class SnapshotDownloadTest {
  private static final long FILE_BYTES = 64L * 1024 * 1024;
  private static final int PIECE_BYTES = 256 * 1024;
  private static final int PIECES = 256;
  private static final int WINDOW = 4;

  private Vertx vertx;
  private Proxy cable;
  private TestNode a;
  private SnapshotDownload download;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    PeerAddress n1 = address("n1");
    PeerAddress n2 = address("n2");
    PeerAddress front = address("n2");
    cable = new Proxy(vertx, front.port(), n2.port());
    GrpcTransport b = GrpcTransport.create(vertx);
    SnapshotSource.join(vertx, b, "n2", FILE_BYTES, PIECE_BYTES, n1, n2);
    a = TestNode.join(vertx, GrpcTransport.create(vertx), "c", "g", "n1", n1, front);
    // So that the newest connection is the one for snapshots.
    TestNode.until(vertx, () -> a.lastingStreams().stream().allMatch(PeerStatus::connected));
    download = new SnapshotDownload(a.endpoint, "n2", FILE_BYTES, PIECE_BYTES, WINDOW, true);
  }

  @AfterEach
  void stop() {
    get(vertx.close());
  }

  @Test
  void heartbeatsAndEntriesFlowDuringADownloadAndAlsoWhenItIsStuck() {
    Future<Void> whole = download.start();
    int round = 0;
    while (download.pieces() < PIECES / 4) {
      roundTrips(round++);
    }
    cable.freezeNewest();
    for (int i = 0; i < 100; i++) {
      roundTrips(round++);
    }
    assertThat(download.pieces()).as("stuck").isLessThan(PIECES);
    cable.thawNewest();
    receiveUntil(PIECES);

    get(whole);
    assertThat(a.transport.peers()).allMatch(peer -> peer.connected() && peer.connects() == 1);
    assertThat(a.transport.stats().snapshotBytesReceived()).isEqualTo(FILE_BYTES);
  }

  @Test
  void aDownloadGoesOnWhereItWasWhenItsConnectionIsCut() {
    Future<Void> whole = download.start();
    for (int cut = 1; cut <= 5; cut++) {
      int times = cut;
      receiveUntil(cut * PIECES / 6);
      cable.cutNewest();
      TestNode.until(
          vertx, () -> !a.snapshotStream().connected() && a.snapshotStream().connects() == times);
      long dropped = a.transport.stats().droppedDisconnected();
      whole = download.start();
      // More than what had arrived before the cut and was not looked at.
      receiveUntil(download.pieces() + 2 * WINDOW);
      assertThat(a.snapshotStream().connects()).isEqualTo(cut + 1);
      assertThat(a.transport.stats().droppedDisconnected())
          .as("requests lost after the cut")
          .isEqualTo(dropped);
      roundTrips(cut);
    }
    receiveUntil(PIECES);

    get(whole);
    assertThat(a.lastingStreams()).allMatch(peer -> peer.connected() && peer.connects() == 1);
    assertThat(a.transport.stats().snapshotBytesReceived())
        .as("no more than a window is sent again per cut")
        .isBetween(FILE_BYTES, FILE_BYTES + 5L * WINDOW * PIECE_BYTES);
  }

  private void receiveUntil(int pieces) {
    while (download.pieces() < pieces) {
      download.receive(a.next(SnapshotReply.class));
    }
  }

  /** A heartbeat and an entry to the other node and back. */
  private void roundTrips(int round) {
    a.endpoint.send("n2", new Heartbeat(1, 0, 0, round, 0));
    a.endpoint.send("n2", new AppendEntries(1, round, 1, 0, List.of()));
    boolean heartbeat = false;
    boolean entry = false;
    while (!heartbeat || !entry) {
      Message message = a.next().message();
      if (message instanceof SnapshotReply piece) {
        download.receive(piece);
      } else if (message instanceof HeartbeatReply reply) {
        assertThat(reply.sentAtNanos()).isEqualTo(round);
        heartbeat = true;
      } else {
        assertThat(message).isEqualTo(AppendEntriesReply.accepted(1, round));
        entry = true;
      }
    }
  }
}
