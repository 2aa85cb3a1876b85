package io.vertxraft.runtime;

import io.vertx.core.Handler;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.RaftEvent;
import java.lang.System.Logger;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/** Hands the node's events to its subscribers, each on its own context. */
final class EventHub {
  private static final Logger LOG = System.getLogger(EventHub.class.getName());
  private static final Logger EVENTS = System.getLogger("io.vertxraft.events");
  private static final int BUFFERED_MAX = 1_000;

  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /** A stream of the events from now on; on any thread. */
  ReadStream<RaftEvent> subscribe(Executor context) {
    Subscription subscription = new Subscription(context);
    subscriptions.add(subscription);
    if (closed) {
      subscription.end();
    }
    return subscription;
  }

  void publish(RaftEvent event) {
    EVENTS.log(Logger.Level.DEBUG, () -> words(event));
    subscriptions.forEach(subscription -> subscription.push(event));
  }

  private static String words(RaftEvent event) {
    return "group '%s' on node '%s', term %d, %s: %s%s%s%s"
        .formatted(
            event.getGroupId(),
            event.getNodeId(),
            event.getTerm(),
            event.getRole(),
            event.getType(),
            event.getLeaderId() == null ? "" : ", leader " + event.getLeaderId(),
            event.getPeerId() == null ? "" : ", peer " + event.getPeerId(),
            event.getCause() == null ? "" : ", because: " + event.getCause());
  }

  void close() {
    closed = true;
    subscriptions.forEach(Subscription::end);
    subscriptions.clear();
  }

  /** One subscriber. Its buffer is confined to its context; the rest may be set on any thread. */
  private final class Subscription implements ReadStream<RaftEvent> {
    private final Executor context;
    private final ArrayDeque<RaftEvent> buffered = new ArrayDeque<>();
    private final AtomicLong demand = new AtomicLong(Long.MAX_VALUE);
    private volatile Handler<RaftEvent> handler;
    private volatile Handler<Throwable> exceptionHandler;
    private volatile Handler<Void> endHandler;
    private boolean ended;

    Subscription(Executor context) {
      this.context = context;
    }

    void push(RaftEvent event) {
      onContext(
          () -> {
            if (buffered.size() == BUFFERED_MAX) {
              buffered.poll();
            }
            buffered.add(event);
            deliver();
          });
    }

    void end() {
      onContext(
          () -> {
            ended = true;
            deliver();
          });
    }

    /** A subscriber whose context is gone, such as a closed worker pool, is forgotten. */
    private void onContext(Runnable task) {
      try {
        context.execute(task);
      } catch (RuntimeException e) {
        subscriptions.remove(this);
        LOG.log(Logger.Level.DEBUG, "the context of a subscriber to events is gone", e);
      }
    }

    private void deliver() {
      while (!buffered.isEmpty() && handler != null && takeDemand()) {
        deliver(buffered.poll());
      }
      Handler<Void> onEnd = endHandler;
      if (ended && buffered.isEmpty() && onEnd != null) {
        endHandler = null;
        onEnd.handle(null);
      }
    }

    private void deliver(RaftEvent event) {
      Handler<RaftEvent> onEvent = handler;
      try {
        if (onEvent != null) {
          onEvent.handle(event);
        }
      } catch (RuntimeException e) {
        Handler<Throwable> onError = exceptionHandler;
        if (onError == null) {
          throw e;
        }
        onError.handle(e);
      }
    }

    private boolean takeDemand() {
      long before = demand.getAndUpdate(d -> d == 0 || d == Long.MAX_VALUE ? d : d - 1);
      return before > 0;
    }

    @Override
    public ReadStream<RaftEvent> exceptionHandler(Handler<Throwable> newHandler) {
      exceptionHandler = newHandler;
      return this;
    }

    @Override
    public ReadStream<RaftEvent> handler(Handler<RaftEvent> newHandler) {
      handler = newHandler;
      if (newHandler == null) {
        subscriptions.remove(this);
      } else {
        if (!closed && !subscriptions.contains(this)) {
          subscriptions.add(this);
        }
        onContext(this::deliver);
      }
      return this;
    }

    @Override
    public ReadStream<RaftEvent> pause() {
      demand.set(0);
      return this;
    }

    @Override
    public ReadStream<RaftEvent> resume() {
      return fetch(Long.MAX_VALUE);
    }

    @Override
    public ReadStream<RaftEvent> fetch(long amount) {
      demand.updateAndGet(d -> d + amount < 0 ? Long.MAX_VALUE : d + amount);
      onContext(this::deliver);
      return this;
    }

    @Override
    public ReadStream<RaftEvent> endHandler(Handler<Void> newHandler) {
      endHandler = newHandler;
      if (newHandler != null) {
        onContext(this::deliver);
      }
      return this;
    }
  }
}
