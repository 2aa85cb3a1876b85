package io.vertxraft.console;

import io.vertx.core.Handler;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.RaftEvent;

/** A stream of events that a test writes to. */
final class EventSink implements ReadStream<RaftEvent> {
  private volatile Handler<RaftEvent> handler;
  private volatile Runnable greeting = () -> {};

  /** What to emit to whoever begins to listen. */
  void greetWith(Runnable greeting) {
    this.greeting = greeting;
  }

  void emit(RaftEvent event) {
    Handler<RaftEvent> current = handler;
    if (current != null) {
      current.handle(event);
    }
  }

  boolean hasHandler() {
    return handler != null;
  }

  @Override
  public ReadStream<RaftEvent> exceptionHandler(Handler<Throwable> handler) {
    return this;
  }

  @Override
  public ReadStream<RaftEvent> handler(Handler<RaftEvent> handler) {
    this.handler = handler;
    if (handler != null) {
      greeting.run();
    }
    return this;
  }

  @Override
  public ReadStream<RaftEvent> pause() {
    return this;
  }

  @Override
  public ReadStream<RaftEvent> resume() {
    return this;
  }

  @Override
  public ReadStream<RaftEvent> fetch(long amount) {
    return this;
  }

  @Override
  public ReadStream<RaftEvent> endHandler(Handler<Void> handler) {
    return this;
  }
}
