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
 * frames, as fast as the stream and a {@link Bandwidth} take them.
 *
 * <p>Without a stream nothing is kept, unless the queue is told to hold what comes until there is
 * one.
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
  private final Bandwidth.Lane lane;
  private volatile WriteStream<Buffer> stream;
  private volatile Runnable wanted;
  private long framesWritten;

  /** Bounds of the queue and of a message in it. */
  record Limits(long bytesMax, int messagesMax, int messageBytesMax) {
    static Limits of(GrpcTransportOptions options, StreamKind kind) {
      return new Limits(
          switch (kind) {
            case BULK -> options.getBulkQueueBytesMax();
            case CONTROL -> options.getControlQueueBytesMax();
            case SNAPSHOT -> options.getSnapshotQueueBytesMax();
          },
          options.getQueueMessagesMax(),
          options.getMessageBytesMax());
    }
  }

  SendQueue(
      Context context,
      Limits limits,
      Bandwidth bandwidth,
      TransportCounters counters,
      RateLimitedLog log,
      String name) {
    this.context = context;
    this.limits = limits;
    this.counters = counters;
    this.log = log;
    this.name = name;
    this.lane = bandwidth.lane(this::drain);
  }

  /** Takes a message, or drops it. Any thread; never blocks and does not throw. */
  void offer(String groupId, Message message) {
    // Without a stream that is kept open, the message is not kept either: by the time there is one,
    // a vote or heartbeat is stale, the leader has given up on the entries' window and probes anew,
    // and the caller of a forwarded command or status has its own time limit.
    if (stream == null && wanted == null) {
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
    // Reports for those who look on get no more than half: the protocol needs the rest.
    int share = StreamKind.isDispensable(message) ? 2 : 1;
    boolean messagesFit =
        waitingMessages.incrementAndGet() <= Math.max(1, limits.messagesMax / share);
    boolean bytesFit = waitingBytes.addAndGet(bytes) <= limits.bytesMax / share;
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

  /**
   * Starts writing to {@code opened}, what has been held first; on the connection's context. What
   * slipped in without being held is forgotten.
   */
  void attach(WriteStream<Buffer> opened) {
    if (wanted == null) {
      clear();
    }
    stream = opened;
    wanted = null;
    opened.drainHandler(v -> drain());
    drain();
  }

  /** Forgets the stream and what waits for it; on the connection's context. */
  void detach() {
    wanted = null;
    stream = null;
    lane.leave();
    clear();
  }

  /**
   * Forgets the stream; what waits, and what comes from now on, is held for another one, within the
   * limits.
   *
   * @param wantStream called when something waits, at least once, on the connection's context
   */
  void hold(Runnable wantStream) {
    wanted = wantStream;
    stream = null;
    lane.leave();
  }

  /** Whether nothing waits. */
  boolean isEmpty() {
    return items.isEmpty();
  }

  /** How many frames have been written so far; on the connection's context. */
  long framesWritten() {
    return framesWritten;
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
      Runnable want = wanted;
      if (want == null) {
        clear();
      } else if (!items.isEmpty()) {
        want.run();
      }
      return;
    }
    Item head;
    while ((head = items.peek()) != null && !to.writeQueueFull() && lane.admits(head.bytes)) {
      Buffer frame = nextFrame();
      framesWritten++;
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
    long frameBytes = lane.isLimited() ? 0 : FRAME_BYTES;
    while ((item = items.peek()) != null && (bytes == 0 || bytes + item.bytes <= frameBytes)) {
      item = items.poll();
      if (item == null) {
        // Cleared in the meantime by a sender that found the event loop shutting down.
        break;
      }
      release(item.bytes);
      bytes += item.bytes;
      frame.addEnvelopes(MessageCodec.encode(item.groupId, item.message));
      counters.countSent(item.message);
    }
    return Buffer.buffer(frame.build().toByteArray());
  }

  private void release(long bytes) {
    waitingBytes.addAndGet(-bytes);
    waitingMessages.decrementAndGet();
  }

  private record Item(String groupId, Message message, long bytes) {}
}
