package io.vertxraft.runtime;

import io.vertx.core.Handler;
import io.vertx.core.streams.ReadStream;
import io.vertxraft.Command;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One reader of the committed commands. It holds one batch at a time, and asks for the next when
 * that has been read and more is wanted. Delivers on the reader's context.
 */
final class ChangeFeed implements ReadStream<Command> {
  private final Consumer<ChangeFeed> fetcher;
  private final SerialLoop loop;
  private final Outlet<Command> outlet;

  /** Index of the next entry to be read from the log. On the node's context only. */
  long nextIndex;

  private volatile List<Command> fetched;
  private volatile boolean ending;
  private volatile Throwable failure;
  private List<Command> batch = List.of();
  private int position;
  private boolean fetching;
  private boolean over;

  /**
   * A feed that has read nothing.
   *
   * @param fromIndex where it begins
   * @param context where the reader is
   * @param fetcher has the next batch read; called on the reader's context
   */
  ChangeFeed(long fromIndex, Executor context, Consumer<ChangeFeed> fetcher) {
    this.nextIndex = fromIndex;
    this.fetcher = fetcher;
    this.loop = new SerialLoop(context, this::step);
    this.outlet = new Outlet<>(loop::request);
  }

  // --- on the node's context --------------------------------------------------------------------

  /** The batch that was asked for; an empty one if it is not wanted any more. */
  void take(List<Command> commands) {
    fetched = commands;
    loop.request();
  }

  /**
   * Nothing comes any more.
   *
   * @param cause why, or null if the node was closed
   */
  void end(Throwable cause) {
    failure = cause;
    ending = true;
    loop.request();
  }

  /** Whether there is a reader, be it one that pauses. */
  boolean isRead() {
    return outlet.isRead();
  }

  // --- on the reader's context ------------------------------------------------------------------

  private void step() {
    // Before the batch, which came before the end.
    boolean isLast = ending;
    outlet.tell();
    List<Command> arrived = fetched;
    if (arrived != null) {
      fetched = null;
      fetching = false;
      batch = arrived;
      position = 0;
    }
    while (position < batch.size() && outlet.takeDemand()) {
      outlet.deliver(batch.get(position++));
    }
    if (position < batch.size() || over) {
      return;
    }
    batch = List.of();
    position = 0;
    if (isLast) {
      over = true;
      finish();
    } else if (!fetching && outlet.isOpen()) {
      fetching = true;
      fetcher.accept(this);
    }
  }

  private void finish() {
    if (failure == null) {
      outlet.end();
    } else {
      outlet.fail(failure);
    }
  }

  // --- the reader, on any thread ----------------------------------------------------------------

  @Override
  public ReadStream<Command> handler(Handler<Command> handler) {
    outlet.handler(handler);
    return this;
  }

  @Override
  public ReadStream<Command> exceptionHandler(Handler<Throwable> handler) {
    outlet.exceptionHandler(handler);
    return this;
  }

  @Override
  public ReadStream<Command> endHandler(Handler<Void> handler) {
    outlet.endHandler(handler);
    return this;
  }

  @Override
  public ReadStream<Command> pause() {
    outlet.pause();
    return this;
  }

  @Override
  public ReadStream<Command> resume() {
    outlet.resume();
    return this;
  }

  @Override
  public ReadStream<Command> fetch(long amount) {
    outlet.fetch(amount);
    return this;
  }
}
