package io.vertxraft.grpc;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertxraft.grpc.proto.Frame;
import io.vertxraft.protocol.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits to be written to one direction of one stream. Groups offer from their own contexts;
 * the connection's context takes everything that is waiting in one turn and writes it as few
 * frames.
 */
final class SendQueue {
  private static final Logger LOGGER = System.getLogger(SendQueue.class.getName());

  /**
   * Frames are filled up to here, or hold one message that is larger. About one HTTP/2 frame: what
   * spans several is put together by copying at the receiver.
   */
  private static final int FRAME_BYTES = 16_000;

  private final Context context;
  private final Limits limits;
  private final TransportCounters counters;
  private final RateLimitedLog log;
  private final String name;
  private final Queue<Item> items = new ConcurrentLinkedQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicInteger waitingMessages = new AtomicInteger();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private volatile WriteStream<Buffer> stream;

  /** Bounds of the queue and of a message in it. */
  record Limits(long bytesMax, int messagesMax, int messageBytesMax) {
    static Limits of(GrpcTransportOptions options, StreamKind kind) {
      return new Limits(
          kind == StreamKind.BULK
              ? options.getBulkQueueBytesMax()
              : options.getControlQueueBytesMax(),
          options.getQueueMessagesMax(),
          options.getMessageBytesMax());
    }
  }

  SendQueue(
      Context context, Limits limits, TransportCounters counters, RateLimitedLog log, String name) {
    this.context = context;
    this.limits = limits;
    this.counters = counters;
    this.log = log;
    this.name = name;
  }

  /** Takes a message, or drops it. Any thread; never blocks and does not throw. */
  void offer(String groupId, Message message) {
    // Without a stream the message is not kept: by the time there is one, a vote or heartbeat is
    // stale, the leader has given up on the entries' window and probes anew, and the caller of a
    // forwarded command or status has its own time limit.
    if (stream == null) {
      counters.droppedDisconnected.increment();
      return;
    }
    long bytes = MessageCodec.bytesMax(message);
    if (bytes > limits.messageBytesMax) {
      counters.droppedTooLarge.increment();
      log.warn(
          "size " + name,
          () ->
              "%s of %d bytes for %s is larger than messageBytesMax %d and dropped"
                  .formatted(
                      message.getClass().getSimpleName(), bytes, name, limits.messageBytesMax));
      return;
    }
    boolean messagesFit = waitingMessages.incrementAndGet() <= limits.messagesMax;
    boolean bytesFit = waitingBytes.addAndGet(bytes) <= limits.bytesMax;
    if (!messagesFit || !bytesFit) {
      release(bytes);
      counters.droppedQueueFull.increment();
      return;
    }
    items.add(new Item(groupId, message, bytes));
    schedule();
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      try {
        context.runOnContext(v -> drain());
      } catch (RejectedExecutionException e) {
        // The event loop is shut down. Whoever sends does not have to know.
        LOGGER.log(Level.DEBUG, () -> name + ": its event loop takes no tasks", e);
        scheduled.set(false);
        clear();
      }
    }
  }

  /** Starts writing to {@code opened}; on the connection's context. */
  void attach(WriteStream<Buffer> opened) {
    clear();
    stream = opened;
    opened.drainHandler(v -> drain());
  }

  /** Forgets the stream and what waits for it; on the connection's context. */
  void detach() {
    stream = null;
    clear();
  }

  private void clear() {
    Item item;
    while ((item = items.poll()) != null) {
      release(item.bytes);
      counters.droppedDisconnected.increment();
    }
  }

  private void drain() {
    scheduled.set(false);
    WriteStream<Buffer> to = stream;
    if (to == null) {
      clear();
      return;
    }
    while (!items.isEmpty() && !to.writeQueueFull()) {
      Buffer frame = nextFrame();
      try {
        to.write(frame);
      } catch (IllegalStateException e) {
        // The stream has just failed; its owner hears of it and detaches.
        return;
      }
    }
  }

  private Buffer nextFrame() {
    Frame.Builder frame = Frame.newBuilder();
    long bytes = 0;
    Item item;
    while ((item = items.peek()) != null && (bytes == 0 || bytes + item.bytes <= FRAME_BYTES)) {
      item = items.poll();
      if (item == null) {
        // Cleared in the meantime by a sender that found the event loop shutting down.
        break;
      }
      release(item.bytes);
      bytes += item.bytes;
      frame.addEnvelopes(MessageCodec.encode(item.groupId, item.message));
      counters.sent.increment();
    }
    return Buffer.buffer(frame.build().toByteArray());
  }

  private void release(long bytes) {
    waitingBytes.addAndGet(-bytes);
    waitingMessages.decrementAndGet();
  }

  private record Item(String groupId, Message message, long bytes) {}
}
