package io.vertxraft.grpc;

import static io.vertxraft.grpc.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertx.grpc.common.GrpcMessage;
import io.vertxraft.grpc.proto.Frame;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Contexts that take no tasks, because they are stopped or overloaded. */
class RefusedTasksTest {
  private final TransportCounters counters = new TransportCounters();
  private final GroupRegistry groups = new GroupRegistry();
  private final FrameReader reader =
      new FrameReader(
          groups,
          counters,
          new RateLimitedLog(System.getLogger("test")),
          "n2",
          StreamKind.CONTROL,
          false);

  @Test
  void aGroupWhoseContextTakesNoTasksLosesItsOwnMessagesOnly() {
    List<Message> healthy = new ArrayList<>();
    group("stopped", refuse(new AtomicBoolean(true)), new ArrayList<>());
    group("healthy", Runnable::run, healthy);

    reader.read(frame(new Heartbeat(1, 1, 1, 1, 0), "stopped", "healthy"));

    assertThat(healthy).containsExactly(new Heartbeat(1, 1, 1, 1, 0));
    assertThat(counters.snapshot().droppedQueueFull()).isOne();
  }

  @Test
  void aGroupHearsAgainOnceItsContextTakesTasks() {
    AtomicBoolean stopped = new AtomicBoolean(true);
    List<Message> received = new ArrayList<>();
    group("g", refuse(stopped), received);
    reader.read(frame(new Heartbeat(1, 1, 1, 1, 0), "g"));
    reader.read(frame(new Heartbeat(2, 2, 1, 2, 0), "g"));
    stopped.set(false);
    reader.read(frame(new Heartbeat(3, 3, 1, 3, 0), "g"));

    assertThat(received).containsExactly(new Heartbeat(3, 3, 1, 3, 0));
    assertThat(counters.snapshot().droppedQueueFull()).isEqualTo(2);
  }

  @Test
  void sendingAfterTheEventLoopHasStoppedIsADropAndNoError() {
    Vertx vertx = Vertx.vertx();
    SendQueue queue =
        new SendQueue(
            vertx.getOrCreateContext(),
            SendQueue.Limits.of(new GrpcTransportOptions(), StreamKind.CONTROL),
            Bandwidth.unlimited(),
            counters,
            new RateLimitedLog(System.getLogger("test")),
            "n2");
    queue.attach(new Nowhere());
    get(vertx.close());

    queue.offer("g", new Heartbeat(1, 1, 1, 1, 0));
    queue.offer("g", new Heartbeat(2, 2, 1, 2, 0));
    assertThat(counters.snapshot().droppedDisconnected()).isEqualTo(2);
    assertThat(counters.snapshot().sent()).isZero();
  }

  private static Executor refuse(AtomicBoolean stopped) {
    return task -> {
      if (stopped.get()) {
        throw new RejectedExecutionException("stopped");
      }
      task.run();
    };
  }

  private void group(String id, Executor context, List<Message> received) {
    List<PeerAddress> members =
        List.of(new PeerAddress("n1", "localhost", 1), new PeerAddress("n2", "localhost", 2));
    groups.add(
        new JoinedGroup(
            new GroupIdentity("c", id, "n1"),
            members,
            context,
            (from, message) -> received.add(message),
            1_000_000,
            counters));
  }

  private static GrpcMessage frame(Message message, String... groupIds) {
    Frame.Builder frame = Frame.newBuilder();
    for (String id : groupIds) {
      frame.addEnvelopes(MessageCodec.encode(id, message));
    }
    return GrpcMessage.message("identity", Buffer.buffer(frame.build().toByteArray()));
  }

  /** A stream that takes everything. */
  private static final class Nowhere implements WriteStream<Buffer> {
    @Override
    public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
      return this;
    }

    @Override
    public Future<Void> write(Buffer data) {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
      return Future.succeededFuture();
    }

    @Override
    public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
      return this;
    }

    @Override
    public boolean writeQueueFull() {
      return false;
    }

    @Override
    public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
      return this;
    }
  }
}
