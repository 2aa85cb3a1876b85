package io.vertxraft.runtime;

import io.vertx.core.Handler;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The reader's side of a stream: handlers and demand, which may be set on any thread. Items go out
 * on the stream's context, which asks for {@link #takeDemand() demand} before each.
 */
final class Outlet<T> {
  private final Runnable changed;
  private final AtomicLong demand = new AtomicLong(Long.MAX_VALUE);
  private volatile Handler<T> handler;
  private volatile Handler<Throwable> exceptionHandler;
  private volatile Handler<Void> endHandler;

  /** What the reader is to be told when it can be. On the stream's context. */
  private Throwable failure;

  private boolean ended;

  /** A reader that wants everything, as soon as it has set a handler. */
  Outlet(Runnable changed) {
    this.changed = changed;
  }

  void handler(Handler<T> newHandler) {
    handler = newHandler;
    changed.run();
  }

  void exceptionHandler(Handler<Throwable> newHandler) {
    exceptionHandler = newHandler;
    changed.run();
  }

  void endHandler(Handler<Void> newHandler) {
    endHandler = newHandler;
    changed.run();
  }

  void pause() {
    demand.set(0);
  }

  void resume() {
    fetch(Long.MAX_VALUE);
  }

  void fetch(long amount) {
    if (amount < 0) {
      throw new IllegalArgumentException(
          "fetch(%d): a number of items is wanted".formatted(amount));
    }
    demand.updateAndGet(d -> d + amount < 0 ? Long.MAX_VALUE : d + amount);
    changed.run();
  }

  /** Whether there is a reader, be it one that pauses. */
  boolean isRead() {
    return handler != null;
  }

  /** Whether an item would be taken now. */
  boolean isOpen() {
    return handler != null && demand.get() > 0;
  }

  /** Whether the next item is wanted; it is to be delivered then. */
  boolean takeDemand() {
    return handler != null
        && demand.getAndUpdate(d -> d == 0 || d == Long.MAX_VALUE ? d : d - 1) > 0;
  }

  void deliver(T item) {
    Handler<T> taker = handler;
    if (taker != null) {
      taker.handle(item);
    }
  }

  void fail(Throwable cause) {
    failure = cause;
    tell();
  }

  void end() {
    ended = true;
    tell();
  }

  /** Tells of the failure or the end, once, when there is somebody to tell. */
  void tell() {
    Handler<Throwable> failureTaker = exceptionHandler;
    if (failure != null && failureTaker != null) {
      Throwable told = failure;
      failure = null;
      failureTaker.handle(told);
    }
    Handler<Void> endTaker = endHandler;
    if (ended && endTaker != null) {
      ended = false;
      endTaker.handle(null);
    }
  }

  /** Nobody is told anything any more. */
  void close() {
    handler = null;
    exceptionHandler = null;
    endHandler = null;
  }
}
