package io.vertxraft.peer;

import static io.vertxraft.peer.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
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
  private final TransportParts parts =
      new TransportParts(
          new PlainOptions(), groups, counters, new RateLimitedLog(System.getLogger("test")));
  private final FrameReader reader = new FrameReader(parts, "n2", StreamKind.CONTROL, false);

  @Test
  void aGroupWhoseContextTakesNoTasksLosesItsOwnMessagesOnly() {
    List<Message> healthy = new ArrayList<>();
    group("stopped", refuse(new AtomicBoolean(true)), new ArrayList<>());
    group("healthy", Runnable::run, healthy);

    reader.readFrame(frame(new Heartbeat(1, 1, 1, 1, 0), "stopped", "healthy"));

    assertThat(healthy).containsExactly(new Heartbeat(1, 1, 1, 1, 0));
    assertThat(counters.snapshot().droppedQueueFull()).isOne();
  }

  @Test
  void aGroupHearsAgainOnceItsContextTakesTasks() {
    AtomicBoolean stopped = new AtomicBoolean(true);
    List<Message> received = new ArrayList<>();
    group("g", refuse(stopped), received);
    reader.readFrame(frame(new Heartbeat(1, 1, 1, 1, 0), "g"));
    reader.readFrame(frame(new Heartbeat(2, 2, 1, 2, 0), "g"));
    stopped.set(false);
    reader.readFrame(frame(new Heartbeat(3, 3, 1, 3, 0), "g"));

    assertThat(received).containsExactly(new Heartbeat(3, 3, 1, 3, 0));
    assertThat(counters.snapshot().droppedQueueFull()).isEqualTo(2);
  }

  @Test
  void sendingAfterTheEventLoopHasStoppedIsADropAndNoError() {
    Vertx vertx = Vertx.vertx();
    SendQueue queue =
        new SendQueue(
            vertx.getOrCreateContext(),
            SendQueue.Limits.of(parts.options(), StreamKind.CONTROL),
            Bandwidth.unlimited(),
            parts,
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

  private static byte[] frame(Message message, String... groupIds) {
    Frame.Builder frame = Frame.newBuilder();
    for (String id : groupIds) {
      frame.addEnvelopes(MessageCodec.encode(id, message));
    }
    return frame.build().toByteArray();
  }

  /** A stream that takes everything. */
  private static final class Nowhere implements Outlet {
    @Override
    public int batchBytes() {
      return 1;
    }

    @Override
    public boolean isFull() {
      return false;
    }

    @Override
    public void whenDrained(Runnable task) {}

    @Override
    public void write(List<Outgoing> batch) {}
  }
}
