package io.vertxraft.examples.demo;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Measures how long the group does not serve after its leader is gone: from then to the first
 * acknowledgement of a write that was sent later. Confined to the demo's context.
 */
final class Outage {
  private final List<Long> durationsMs = new ArrayList<>();
  private LongConsumer endHandler = durationMs -> {};
  private Promise<Void> ended;
  private long beganNanos;

  /** Called with the duration in milliseconds when an outage ends. */
  void endHandler(LongConsumer handler) {
    endHandler = handler;
  }

  /** The leader is gone. An outage that has not ended yet is measured from now on. */
  void begin(long nowNanos) {
    beganNanos = nowNanos;
    if (ended == null) {
      ended = Promise.promise();
    }
  }

  /** A write has been acknowledged that was sent at {@code sentNanos}. */
  void acknowledged(long sentNanos, long nowNanos) {
    if (ended == null || sentNanos - beganNanos < 0) {
      return;
    }
    long durationMs = (nowNanos - beganNanos) / 1_000_000;
    Promise<Void> over = ended;
    ended = null;
    durationsMs.add(durationMs);
    endHandler.accept(durationMs);
    over.complete();
  }

  /** Completes when no outage goes on. */
  Future<Void> over() {
    return ended == null ? Future.succeededFuture() : ended.future();
  }

  /** The outages that have ended, in milliseconds. */
  List<Long> durationsMs() {
    return List.copyOf(durationsMs);
  }
}
