package io.vertxraft.rx;

import io.reactivex.rxjava3.core.FlowableSubscriber;
import io.reactivex.rxjava3.plugins.RxJavaPlugins;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.CommandStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** One subscription: upstream's items go into a command stream, its replies come out. */
final class ApplySubscriber<C, R> implements FlowableSubscriber<C>, Subscription {
  private final CommandStream stream;
  private final Function<C, Buffer> encoder;
  private final Function<Buffer, R> decoder;
  private final int window;
  private final Subscriber<? super R> downstream;
  private final AtomicBoolean over = new AtomicBoolean();
  private Subscription upstream;
  private volatile Throwable upstreamFailure;

  /** Items wanted by downstream, asked of upstream, and given to downstream; under the lock. */
  private long wanted;

  private long asked;
  private long given;

  ApplySubscriber(
      CommandStream stream,
      Function<C, Buffer> encoder,
      Function<Buffer, R> decoder,
      int window,
      Subscriber<? super R> downstream) {
    this.stream = stream;
    this.encoder = encoder;
    this.decoder = decoder;
    this.window = window;
    this.downstream = downstream;
  }

  // --- from upstream ----------------------------------------------------------------------------

  @Override
  public void onSubscribe(Subscription subscription) {
    upstream = subscription;
    stream.exceptionHandler(this::fail).endHandler(ended -> finish()).handler(this::replied);
    downstream.onSubscribe(this);
  }

  @Override
  public void onNext(C command) {
    if (over.get()) {
      return;
    }
    Buffer encoded;
    try {
      encoded = encoder.apply(command);
    } catch (RuntimeException e) {
      // Replies to what came before are delivered first.
      upstream.cancel();
      onError(e);
      return;
    }
    stream.write(encoded);
  }

  @Override
  public void onError(Throwable cause) {
    upstreamFailure = cause;
    stream.end();
  }

  @Override
  public void onComplete() {
    stream.end();
  }

  // --- from the stream, on its context ----------------------------------------------------------

  private void replied(Buffer reply) {
    R item;
    try {
      item = Objects.requireNonNull(decoder.apply(reply), "the decoder of replies gave null");
    } catch (RuntimeException e) {
      stream.close();
      fail(e);
      return;
    }
    synchronized (this) {
      given++;
    }
    downstream.onNext(item);
    ask();
  }

  private void fail(Throwable cause) {
    if (over.compareAndSet(false, true)) {
      upstream.cancel();
      downstream.onError(cause);
    }
  }

  private void finish() {
    if (over.compareAndSet(false, true)) {
      if (upstreamFailure == null) {
        downstream.onComplete();
      } else {
        downstream.onError(upstreamFailure);
      }
    }
  }

  // --- from downstream, on any thread -----------------------------------------------------------

  @Override
  public void request(long count) {
    if (count <= 0) {
      RxJavaPlugins.onError(
          new IllegalArgumentException("request(%d): at least 1 is needed".formatted(count)));
      return;
    }
    synchronized (this) {
      wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
    }
    ask();
  }

  @Override
  public void cancel() {
    if (over.compareAndSet(false, true)) {
      upstream.cancel();
      stream.close();
    }
  }

  /** Asks for what is wanted and fits the window, half a window at a time or all that is wanted. */
  private void ask() {
    long count = 0;
    synchronized (this) {
      if (asked - given <= window / 2) {
        count = Math.min(wanted, given + window) - asked;
        asked += Math.max(0, count);
      }
    }
    if (count > 0 && !over.get()) {
      upstream.request(count);
    }
  }
}
