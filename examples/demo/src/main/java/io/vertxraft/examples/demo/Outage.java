package io.vertxraft.examples.demo;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Measures how long the group does not serve after its leader is gone: from then to the first
 * acknowledgement of a write that was sent later. Time in which so many members are down or cut off
 * that nobody could lead is not counted: it lasts as long as somebody wishes. Confined to the
 * demo's context.
 */
final class Outage {
  private final List<Long> durationsMs = new ArrayList<>();
  private LongConsumer endHandler = durationMs -> {};
  private Promise<Void> ended;
  private long beganNanos;
  private boolean waiting;
  private boolean delayed;

  /** Called with the duration in milliseconds when an outage ends. */
  void endHandler(LongConsumer handler) {
    endHandler = handler;
  }

  /** The leader is gone. An outage that has not ended yet is measured from now on. */
  void begin(long nowNanos) {
    beganNanos = nowNanos;
    delayed = false;
    if (ended == null) {
      ended = Promise.promise();
    }
  }

  /** Tells whether enough members are there to elect a leader; an outage counts from then on. */
  void majority(boolean there, long nowNanos) {
    if (ended != null && there && waiting) {
      beganNanos = nowNanos;
      delayed = true;
    }
    waiting = !there;
  }

  /** Whether the present or last outage was counted only from when a majority was there again. */
  boolean isDelayed() {
    return delayed;
  }

  /** A write has been acknowledged that was sent at {@code sentNanos}. */
  void acknowledged(long sentNanos, long nowNanos) {
    if (ended == null || waiting || sentNanos - beganNanos < 0) {
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
