package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertxraft.spi.RaftScheduler;
import java.util.ArrayDeque;

/** Passes on what is written in pieces of random length, with pauses before them. */
final class PacedStream implements WriteStream<Buffer> {
  private static final int PIECES_MAX = 4;
  private static final int QUEUE_BYTES = 4_096;

  private final WriteStream<Buffer> target;
  private final RaftScheduler scheduler;
  private final SimRandom random;
  private final long pauseNanosMean;
  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
  private Handler<Void> drained;
  private long queuedBytes;
  private long queueBytesMax = QUEUE_BYTES;
  private boolean waiting;

  PacedStream(
      WriteStream<Buffer> target, RaftScheduler scheduler, SimRandom random, long pauseNanosMean) {
    this.target = target;
    this.scheduler = scheduler;
    this.random = random;
    this.pauseNanosMean = pauseNanosMean;
  }

  /**
   * What is to be passed on; with {@code content == null}, the end.
   *
   * @param done completes when it has been; null for all but the last piece of a write
   */
  private record Piece(Buffer content, Promise<Void> done) {}

  @Override
  public Future<Void> write(Buffer data) {
    Promise<Void> done = Promise.promise();
    int at = 0;
    for (int left = (int) random.between(1, PIECES_MAX); left > 1 && at < data.length(); left--) {
      int to = at + (int) random.below(data.length() - at);
      pieces.add(new Piece(data.getBuffer(at, to), null));
      at = to;
    }
    pieces.add(new Piece(data.getBuffer(at, data.length()), done));
    queuedBytes += data.length();
    passOn();
    return done.future();
  }

  @Override
  public Future<Void> end() {
    Promise<Void> done = Promise.promise();
    pieces.add(new Piece(null, done));
    passOn();
    return done.future();
  }

  private void passOn() {
    if (waiting || pieces.isEmpty()) {
      return;
    }
    waiting = true;
    scheduler.schedule(random.exponential(pauseNanosMean), () -> pass(pieces.poll()));
  }

  private void pass(Piece piece) {
    Future<Void> passed = piece.content == null ? target.end() : target.write(piece.content);
    passed.onComplete(
        result -> {
          waiting = false;
          queuedBytes -= piece.content == null ? 0 : piece.content.length();
          if (piece.done != null) {
            piece.done.handle(result);
          }
          Handler<Void> handler = drained;
          if (handler != null && queuedBytes <= queueBytesMax / 2) {
            drained = null;
            handler.handle(null);
          }
          passOn();
        });
  }

  @Override
  public WriteStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
    target.exceptionHandler(handler);
    return this;
  }

  @Override
  public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
    queueBytesMax = maxSize;
    target.setWriteQueueMaxSize(maxSize);
    return this;
  }

  @Override
  public boolean writeQueueFull() {
    return queuedBytes > queueBytesMax || target.writeQueueFull();
  }

  @Override
  public WriteStream<Buffer> drainHandler(Handler<Void> handler) {
    drained = handler;
    return this;
  }
}
