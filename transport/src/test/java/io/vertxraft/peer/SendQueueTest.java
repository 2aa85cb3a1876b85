package io.vertxraft.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.StatusReply;
import io.vertxraft.protocol.StatusRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("R-46: whoever looks on is no burden to the protocol")
class SendQueueTest {
  private final Vertx vertx = Vertx.vertx();
  private final TransportCounters counters = new TransportCounters();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** A queue that holds what it is given, because its stream is yet to come. */
  private SendQueue queue(long bytesMax, int messagesMax) {
    SendQueue queue =
        new SendQueue(
            vertx.getOrCreateContext(),
            new SendQueue.Limits(bytesMax, messagesMax, 10_000),
            Bandwidth.unlimited(),
            new TransportParts(
                new PlainOptions(),
                new GroupRegistry(),
                counters,
                new RateLimitedLog(System.getLogger("test"))),
            "n2");
    queue.hold(() -> {});
    return queue;
  }

  private long dropped(SendQueue queue, Message message) {
    long before = counters.snapshot().droppedQueueFull();
    queue.offer("g", message);
    return counters.snapshot().droppedQueueFull() - before;
  }

  @Test
  void reportsTakeHalfTheMessagesAndHeartbeatsTheRest() {
    SendQueue queue = queue(1_000_000, 4);
    assertThat(dropped(queue, new StatusRequest(1))).isZero();
    assertThat(dropped(queue, new StatusRequest(2))).isZero();
    assertThat(dropped(queue, new StatusRequest(3))).isEqualTo(1);
    assertThat(dropped(queue, new Heartbeat(1, 0, 0, 0, 0))).isZero();
    assertThat(dropped(queue, new Heartbeat(1, 0, 0, 0, 0))).isZero();
    assertThat(dropped(queue, new Heartbeat(1, 0, 0, 0, 0))).isEqualTo(1);
  }

  @Test
  void theSameGoesForBytes() {
    SendQueue queue = queue(6_000, 1_000);
    assertThat(dropped(queue, new StatusReply(1, new byte[2_500]))).isZero();
    assertThat(dropped(queue, new StatusReply(2, new byte[2_500]))).isEqualTo(1);
    assertThat(dropped(queue, new Heartbeat(1, 0, 0, 0, 0))).isZero();
  }
}
