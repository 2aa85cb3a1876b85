package io.vertxraft.examples.kv;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;

/**
 * Writes to one member: as many as fit into a window, or at a steady rate whatever the answers do,
 * with the time from when each write was due to its answer.
 */
final class OpenLoopLoad {
  private static final int CONNECTIONS_MAX = 256;

  private final Vertx vertx;
  private final HttpClient client;
  private final int port;
  private final int valueBytes;
  private final long[] dueNanos;
  private final long[] tookMicros;
  private final AtomicInteger failed = new AtomicInteger();
  private volatile boolean stopped;
  private int sent;

  /**
   * Creates a load.
   *
   * @param port where the member serves HTTP
   * @param writesMax how many writes are remembered
   */
  OpenLoopLoad(Vertx vertx, int port, int valueBytes, int writesMax) {
    this.vertx = vertx;
    this.port = port;
    this.valueBytes = valueBytes;
    this.dueNanos = new long[writesMax];
    this.tookMicros = new long[writesMax];
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX));
  }

  /** The key of a number; all keys have the same length. */
  static String key(int number) {
    return "key%09d".formatted(number);
  }

  /** Writes the keys from 0 on, {@code window} at a time, until all are acknowledged. */
  void fill(int keys, int window) throws Exception {
    Promise<Void> done = Promise.promise();
    AtomicInteger next = new AtomicInteger();
    AtomicInteger acknowledged = new AtomicInteger();
    for (int i = 0; i < window; i++) {
      fillNext(next, acknowledged, keys, done);
    }
    done.future().await();
  }

  private void fillNext(
      AtomicInteger next, AtomicInteger acknowledged, int keys, Promise<Void> done) {
    int number = next.getAndIncrement();
    if (number < keys) {
      fill(number, next, acknowledged, keys, done);
    }
  }

  private void fill(
      int number, AtomicInteger next, AtomicInteger acknowledged, int keys, Promise<Void> done) {
    put(number)
        .onComplete(
            status -> {
              if (status != 200) {
                fill(number, next, acknowledged, keys, done);
              } else if (acknowledged.incrementAndGet() == keys) {
                done.complete();
              } else {
                fillNext(next, acknowledged, keys, done);
              }
            },
            done::tryFail);
  }

  /** Writes at a steady rate, on a context of its own, until {@link #stop}. */
  void start(int writesPerSecond, IntUnaryOperator keys) {
    long begun = System.nanoTime();
    vertx
        .getOrCreateContext()
        .runOnContext(
            v ->
                vertx.setPeriodic(
                    1,
                    timer -> {
                      if (stopped) {
                        vertx.cancelTimer(timer);
                        return;
                      }
                      long elapsed = System.nanoTime() - begun;
                      long due = elapsed * writesPerSecond / TimeUnit.SECONDS.toNanos(1);
                      while (sent < due && sent < dueNanos.length) {
                        int number = sent++;
                        send(
                            number,
                            begun + number * TimeUnit.SECONDS.toNanos(1) / writesPerSecond,
                            keys.applyAsInt(number));
                      }
                    }));
  }

  private void send(int number, long due, int key) {
    dueNanos[number] = due;
    put(key)
        .onComplete(
            status -> {
              tookMicros[number] = Math.max(1, (System.nanoTime() - due) / 1_000);
              if (status != 200) {
                failed.incrementAndGet();
              }
            },
            failure -> {
              tookMicros[number] = Math.max(1, (System.nanoTime() - due) / 1_000);
              failed.incrementAndGet();
            });
  }

  private Future<Integer> put(int number) {
    return client
        .request(HttpMethod.PUT, port, "127.0.0.1", "/kv/" + key(number))
        .compose(request -> request.send(value(number)))
        .compose(response -> response.end().map(response.statusCode()));
  }

  /** The value of a key: its number, and filling. */
  private Buffer value(int number) {
    return Buffer.buffer(new byte[valueBytes]).setInt(0, number);
  }

  void stop() {
    stopped = true;
  }

  int failed() {
    return failed.get();
  }

  /** Latencies in microseconds, sorted, of the answered writes that were due in a span of time. */
  long[] tookMicros(long fromNanos, long toNanos) {
    long[] found = new long[dueNanos.length];
    int count = 0;
    for (int i = 0; i < dueNanos.length; i++) {
      if (tookMicros[i] > 0 && dueNanos[i] - fromNanos >= 0 && dueNanos[i] - toNanos < 0) {
        found[count++] = tookMicros[i];
      }
    }
    long[] sorted = Arrays.copyOf(found, count);
    Arrays.sort(sorted);
    return sorted;
  }
}
