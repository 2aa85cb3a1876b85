package io.vertxraft.grpc;

import static io.vertxraft.peer.TestNode.HOST;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.grpc.server.GrpcServer;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.LogCapture;
import io.vertxraft.peer.PeerStatus;
import io.vertxraft.peer.PeerTransport;
import io.vertxraft.peer.PeerTransportOptions;
import io.vertxraft.peer.SnapshotStreamContract;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.peer.TestNode;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.spi.GroupIdentity;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The stream that is there only while snapshots are fetched. */
class SnapshotStreamTest extends SnapshotStreamContract {

  @Override
  protected PeerTransport transport(Consumer<PeerTransportOptions<?>> settings) {
    return Grpc.transport(vertx, settings);
  }

  @Override
  protected Class<?> logger() {
    return GrpcTransport.class;
  }

  @Test
  void aPeerThatDoesNotKnowTheStreamIsNamedOnceAndLeftInPeace() {
    AtomicInteger attempts = new AtomicInteger();
    olderVersion(attempts);
    try (LogCapture log = new LogCapture(GrpcTransport.class)) {
      TestNode a = join("n1", o -> {});
      TestNode.until(vertx, () -> a.lastingStreams().stream().allMatch(PeerStatus::connected));
      a.endpoint.send("n2", request(1));
      log.await(
          "n2=", "does not know the SNAPSHOT stream", "older version", "until it is upgraded");
      long before = a.transport.stats().droppedDisconnected();
      for (int id = 2; id < 100; id++) {
        a.endpoint.send("n2", request(id));
      }
      assertThat(a.transport.stats().droppedDisconnected() - before).isEqualTo(98);
      assertThat(attempts).hasValue(1);
      assertThat(log.countWith("n2=")).isOne();
      assertThat(a.snapshotStream().lastError()).contains("UNIMPLEMENTED");
      assertThat(a.lastingStreams()).allMatch(peer -> peer.connected() && peer.connects() == 1);
    }
  }

  /** A listener that passes for n2 as it was before there were snapshots. */
  private void olderVersion(AtomicInteger snapshotCalls) {
    GrpcServer old = GrpcServer.server(vertx);
    for (StreamKind kind : StreamKind.values()) {
      if (!kind.onDemand()) {
        old.callHandler(
            PeerMethod.server(kind),
            call -> {
              Handshake.putResponse(call.response().headers(), new GroupIdentity("c", "g", "n2"));
              call.response().writeHead();
            });
      }
    }
    get(
        vertx
            .createHttpServer(new HttpServerOptions())
            .requestHandler(
                request -> {
                  if (request.path().endsWith("/Snapshot")) {
                    snapshotCalls.incrementAndGet();
                  }
                  old.handle(request);
                })
            .listen(n2.port(), HOST));
  }

  @Test
  void whoAsksAndDoesNotReadFillsItsOwnQueueOnly() throws Exception {
    TestNode a = join("n1", o -> {});
    var metadata = RawCaller.metadata("c", "n2", "n1");
    RawCaller asker = RawCaller.open(vertx, n1.port(), StreamKind.SNAPSHOT, metadata);
    RawCaller control = RawCaller.open(vertx, n1.port(), StreamKind.CONTROL, metadata);
    asker.response.pause();
    SnapshotReply piece = reply(1, 256 * 1024);
    for (int i = 0; i < 1_000; i++) {
      a.endpoint.send("n2", piece);
    }
    assertThat(a.transport.stats().droppedDisconnected()).isZero();
    assertThat(a.transport.stats().droppedQueueFull()).isPositive();
    long sent = a.transport.stats().snapshotBytesSent();
    a.endpoint.send("n2", new HeartbeatReply(1, 1, 0, 0));
    assertThat(control.answers.poll(TestNode.WAIT_SECONDS, TimeUnit.SECONDS)).isNotNull();
    assertThat(sent).as("written of what was queued").isLessThan(16L * 1024 * 1024);
    asker.close();
    control.close();
  }
}
