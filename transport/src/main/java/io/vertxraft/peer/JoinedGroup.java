package io.vertxraft.peer;

import io.vertx.core.Future;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A group joined here: who belongs to it, and the way of inbound messages to its context. Messages
 * that arrive while the group is busy wait for it in one task, not in one each.
 */
public final class JoinedGroup {
  private static final Logger LOGGER = System.getLogger(JoinedGroup.class.getName());

  /** After this many messages the group's other work gets its turn. */
  private static final int MESSAGES_PER_TASK_MAX = 256;

  private final GroupIdentity identity;
  private final Map<String, PeerAddress> members;
  private final Executor context;
  private final Transport.Receiver receiver;
  private final long inboundBytesMax;
  private final TransportCounters counters;
  private final Queue<Inbound> inbox = new ConcurrentLinkedQueue<>();
  private final AtomicLong inboxBytes = new AtomicLong();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private volatile boolean left;

  private enum State {
    IDLE,
    RECEIVING,
    LEFT
  }

  JoinedGroup(
      GroupIdentity identity,
      List<PeerAddress> members,
      Executor context,
      Transport.Receiver receiver,
      long inboundBytesMax,
      TransportCounters counters) {
    this.identity = identity;
    Map<String, PeerAddress> byId = new LinkedHashMap<>();
    for (PeerAddress member : members) {
      if (byId.put(member.nodeId(), member) != null) {
        throw new IllegalArgumentException(
            "member '%s' of group '%s' is listed twice"
                .formatted(member.nodeId(), identity.groupId()));
      }
    }
    if (!byId.containsKey(identity.nodeId())) {
      throw new IllegalArgumentException(
          "node '%s' is not among the members %s of group '%s'"
              .formatted(identity.nodeId(), byId.keySet(), identity.groupId()));
    }
    this.members = Collections.unmodifiableMap(byId);
    this.context = context;
    this.receiver = receiver;
    this.inboundBytesMax = inboundBytesMax;
    this.counters = counters;
  }

  GroupIdentity identity() {
    return identity;
  }

  PeerAddress self() {
    return members.get(identity.nodeId());
  }

  Iterable<PeerAddress> members() {
    return members.values();
  }

  /** Whether {@code nodeId} is another member of this group. */
  boolean hasPeer(String nodeId) {
    return members.containsKey(nodeId) && !nodeId.equals(identity.nodeId());
  }

  /**
   * Hands a message to the group's context, or drops it if too much is waiting or the context takes
   * no tasks. Any thread; does not throw.
   */
  void deliver(String from, Message message, long bytes) {
    if (left) {
      counters.droppedForeign.increment();
      return;
    }
    if (inboxBytes.addAndGet(bytes) > inboundBytesMax) {
      inboxBytes.addAndGet(-bytes);
      counters.droppedQueueFull.increment();
      return;
    }
    inbox.add(new Inbound(from, message, bytes));
    schedule();
  }

  /** Passes a client's request on. Any thread. */
  public Future<ClientReply> serve(ClientRequest request) {
    return left
        ? Future.succeededFuture(
            ClientReply.refused("group '%s' has been left here".formatted(identity.groupId())))
        : receiver.serve(request);
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      try {
        context.execute(this::drain);
      } catch (RuntimeException e) {
        // The context is stopped or overloaded. That is this group's loss alone: the other messages
        // of the frame are for other groups. The next message tries again.
        LOGGER.log(Level.DEBUG, () -> identity + ": its context takes no tasks", e);
        scheduled.set(false);
        dropWaiting();
      }
    }
  }

  private void dropWaiting() {
    Inbound next;
    while ((next = inbox.poll()) != null) {
      inboxBytes.addAndGet(-next.bytes);
      counters.droppedQueueFull.increment();
    }
  }

  private void drain() {
    // Cleared first: what is added from here on is either polled below or scheduled anew.
    scheduled.set(false);
    if (!state.compareAndSet(State.IDLE, State.RECEIVING)) {
      return;
    }
    try {
      Inbound next;
      for (int n = 0; n < MESSAGES_PER_TASK_MAX && (next = inbox.poll()) != null; n++) {
        inboxBytes.addAndGet(-next.bytes);
        if (!left) {
          counters.countReceived(next.message);
          receiver.receive(next.from, next.message);
        }
      }
    } finally {
      state.set(State.IDLE);
      if (left) {
        finishLeaving();
      } else if (!inbox.isEmpty()) {
        schedule();
      }
    }
  }

  /**
   * Lets nothing more through, and runs {@code done} once the receiver is not at work. A context
   * that never gets to its tasks does not hold this up. Any thread; may be called again.
   */
  void leave(Runnable done) {
    left = true;
    waiting.add(done);
    finishLeaving();
  }

  private void finishLeaving() {
    if (state.compareAndSet(State.IDLE, State.LEFT) || state.get() == State.LEFT) {
      inbox.clear();
      Runnable done;
      while ((done = waiting.poll()) != null) {
        done.run();
      }
    }
  }

  boolean hasLeft() {
    return left;
  }

  private record Inbound(String from, Message message, long bytes) {}
}
