package io.vertxraft.grpc;

import static io.vertxraft.peer.TestNode.HOST;
import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertxraft.grpc.proto.Frame;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.LogCapture;
import io.vertxraft.peer.MessageCodec;
import io.vertxraft.peer.PeerTrafficContract;
import io.vertxraft.peer.PeerTransport;
import io.vertxraft.peer.PeerTransportOptions;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.peer.TestNode;
import io.vertxraft.protocol.AppendEntries;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.spi.GroupIdentity;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Large, many, damaged and unanswered messages. */
class PeerTrafficTest extends PeerTrafficContract {

  @Override
  protected PeerTransport transport(Consumer<PeerTransportOptions<?>> settings) {
    return Grpc.transport(vertx, settings);
  }

  @Override
  protected Class<?> logger() {
    return GrpcTransport.class;
  }

  @Test
  void damagedMessagesAreDroppedAndLoggedOnceAndTheStreamGoesOn() {
    TestNode a = join("n1", o -> {});
    RawCaller bulk =
        RawCaller.open(vertx, n1.port(), StreamKind.BULK, RawCaller.metadata("c", "n2", "n1"));
    AppendEntries damaged = append(1, 100);
    damaged.entries().get(0).encoded()[60] ^= 1;
    try (LogCapture log = new LogCapture(GrpcTransport.class)) {
      bulk.writeBytes((byte) 10, (byte) 127, (byte) 1);
      bulk.write(MessageCodec.encode("g", damaged));
      bulk.write(MessageCodec.encode("g", append(1, 100)));
      assertThat(a.next().message()).isEqualTo(append(1, 100));
      assertThat(a.transport.stats().droppedMalformed()).isEqualTo(2);
      log.await("a message from 'n2' on BULK is dropped", "cannot be parsed");
      assertThat(log.countWith("is dropped")).as("warnings for two messages").isOne();
    }
  }

  @Test
  void heartbeatsPassWhileTheBulkStreamIsClogged() throws Exception {
    BlockingQueue<Frame> control = new LinkedBlockingQueue<>();
    CountDownLatch bulkOpen = new CountDownLatch(1);
    fakePeer(
        call -> {
          call.pause();
          bulkOpen.countDown();
        },
        call -> call.handler(frame -> control.add(parsed(frame))));
    TestNode a = join("n1", o -> o.setBulkQueueBytesMax(16L * 1024 * 1024));
    assertThat(bulkOpen.await(TestNode.WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();

    AppendEntries megabyte = append(1, 1024 * 1024);
    while (a.transport.stats().droppedQueueFull() == 0) {
      a.endpoint.send("n2", megabyte);
    }
    // What is sent before the control stream is up is dropped: send until one has arrived.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestNode.WAIT_SECONDS);
    boolean arrived = false;
    while (!arrived) {
      assertThat(System.nanoTime()).as("heartbeats while bulk is clogged").isLessThan(deadline);
      a.endpoint.send("n2", new Heartbeat(7, 7, 1, 7, 0));
      Frame frame = control.poll(20, TimeUnit.MILLISECONDS);
      arrived = frame != null && frame.getEnvelopesCount() > 0;
    }
  }

  @Test
  void aQuietStreamIsKeptAliveByPings() throws Exception {
    CountDownLatch pings = new CountDownLatch(6);
    fakePeer(
        call -> call.connection().pingHandler(ping -> pings.countDown()),
        call -> call.connection().pingHandler(ping -> pings.countDown()));
    join("n1", o -> o.setPeerIdleTimeoutMs(300));
    assertThat(pings.await(TestNode.WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aStreamThatFailedTakesItsConnectionAlongSoThatThePeerReturns() throws Exception {
    // Long enough that it is not the idle timeout that closes the connection.
    join("n1", o -> o.setPeerIdleTimeoutMs(600_000));
    RawCaller caller =
        RawCaller.open(vertx, n1.port(), StreamKind.CONTROL, RawCaller.metadata("c", "n2", "n1"));
    CountDownLatch closed = new CountDownLatch(1);
    caller.request.connection().closeHandler(v -> closed.countDown());
    caller.request.cancel();
    assertThat(closed.await(TestNode.WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private static Frame parsed(Buffer frame) {
    try {
      return Frame.parseFrom(frame.getBytes());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private interface Call {
    void open(GrpcServerRequest<Buffer, Buffer> call);
  }

  /** A listener that passes for n2 and does with the streams what the test wants. */
  private void fakePeer(Call bulk, Call control) {
    GrpcServer grpc = GrpcServer.server(vertx);
    for (StreamKind kind : StreamKind.values()) {
      grpc.callHandler(
          PeerMethod.server(kind),
          call -> {
            Handshake.putResponse(call.response().headers(), new GroupIdentity("c", "g", "n2"));
            call.response().writeHead();
            (kind == StreamKind.BULK ? bulk : control).open(call);
          });
    }
    HttpServer server = vertx.createHttpServer(new HttpServerOptions()).requestHandler(grpc);
    get(server.listen(n2.port(), HOST));
  }
}
