package io.vertxraft.peer;

import io.vertx.core.Context;
import io.vertxraft.protocol.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits to be written to one direction of one stream. Groups offer from their own contexts;
 * the connection's context takes everything that is waiting in one turn and writes it in as few
 * batches, as fast as the stream and a {@link Bandwidth} take them.
 *
 * <p>Without a stream nothing is kept, unless the queue is told to hold what comes until there is
 * one.
 */
final class SendQueue {
  private static final Logger LOGGER = System.getLogger(SendQueue.class.getName());

  private final Context context;
  private final Limits limits;
  private final TransportCounters counters;
  private final RateLimitedLog log;
  private final String name;
  private final Queue<Outgoing> items = new ConcurrentLinkedQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicInteger waitingMessages = new AtomicInteger();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Bandwidth.Lane lane;
  private final List<Outgoing> batch = new ArrayList<>();
  private volatile Outlet stream;
  private volatile Runnable wanted;
  private long batchesWritten;

  /** Bounds of the queue and of a message in it. */
  record Limits(long bytesMax, int messagesMax, int messageBytesMax) {
    static Limits of(PeerTransportOptions<?> options, StreamKind kind) {
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
      Context context, Limits limits, Bandwidth bandwidth, TransportParts parts, String name) {
    this.context = context;
    this.limits = limits;
    this.counters = parts.counters();
    this.log = parts.log();
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
    items.add(new Outgoing(groupId, message, bytes));
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
  void attach(Outlet opened) {
    if (wanted == null) {
      clear();
    }
    stream = opened;
    wanted = null;
    opened.whenDrained(this::drain);
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

  /**
   * Forgets the stream and what waits for it; what comes from now on is held for another one. Who
   * finds the forgotten messages counted may rely on that.
   *
   * @param wantStream as for {@link #hold}
   */
  void holdAnew(Runnable wantStream) {
    hold(wantStream);
    clear();
  }

  /** Whether nothing waits. */
  boolean isEmpty() {
    return items.isEmpty();
  }

  /** How many batches have been written so far; on the connection's context. */
  long batchesWritten() {
    return batchesWritten;
  }

  private void clear() {
    long dropped = 0;
    Outgoing item;
    while ((item = items.poll()) != null) {
      release(item.bytesMax());
      dropped++;
    }
    // In the end: what is sent once this is seen is not forgotten along with the rest.
    counters.droppedDisconnected.add(dropped);
  }

  private void drain() {
    scheduled.set(false);
    Outlet to = stream;
    if (to == null) {
      Runnable want = wanted;
      if (want == null) {
        clear();
      } else if (!items.isEmpty()) {
        want.run();
      }
      return;
    }
    Outgoing head;
    while ((head = items.peek()) != null && !to.isFull() && lane.admits(head.bytesMax())) {
      gather(lane.isLimited() ? 0 : to.batchBytes());
      if (batch.isEmpty()) {
        // Cleared in the meantime by a sender that found the event loop shutting down.
        return;
      }
      batchesWritten++;
      try {
        to.write(batch);
      } catch (IllegalStateException e) {
        // The stream has just failed; its owner hears of it and detaches.
        return;
      } finally {
        batch.clear();
      }
    }
  }

  /** Takes as many messages as fit, or one that is larger. */
  private void gather(long batchBytes) {
    long bytes = 0;
    Outgoing item;
    while ((item = items.peek()) != null && (bytes == 0 || bytes + item.bytesMax() <= batchBytes)) {
      item = items.poll();
      if (item == null) {
        break;
      }
      release(item.bytesMax());
      bytes += item.bytesMax();
      batch.add(item);
      counters.countSent(item.message());
    }
  }

  private void release(long bytes) {
    waitingBytes.addAndGet(-bytes);
    waitingMessages.decrementAndGet();
  }
}
