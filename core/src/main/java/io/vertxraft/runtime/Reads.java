package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Consistency;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftOptions;
import io.vertxraft.spi.RaftScheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way of a query from {@code read} to its answer: queued on any thread, routed in one batch per
 * turn, answered exactly once. All reads have the same timeout, so they pass their deadlines in the
 * order they came.
 */
final class Reads {
  /** What becomes of reads once they are on the node's context. */
  interface Sink {
    /** Finds out for each what it must wait for. */
    void route(List<Read> batch);
  }

  private final RaftScheduler scheduler;
  private final RaftOptions options;
  private final Sink sink;
  private final long timeoutNanos;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final ConcurrentLinkedQueue<Read> intake = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean drainScheduled = new AtomicBoolean();
  private final ArrayDeque<Read> deadlines = new ArrayDeque<>();
  private final Completions completions = new Completions();
  private volatile RaftException refusal;
  private RaftScheduler.Timer timer;

  Reads(RaftScheduler scheduler, RaftOptions options, Sink sink) {
    this.scheduler = scheduler;
    this.options = options;
    this.sink = sink;
    this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(options.getReadTimeoutMs());
    this.refusal =
        new Rejected(Rejected.Reason.NOT_LEADER, options.getNodeId() + " has not started", null);
  }

  int inFlight() {
    return inFlight.get();
  }

  /** From now on reads are taken. */
  void open() {
    refusal = null;
  }

  /** From now on every read is refused with {@code reason}. */
  void refuse(RaftException reason) {
    refusal = reason;
  }

  /** Takes a read; on any thread. */
  Future<Buffer> offer(Consistency consistency, Buffer query) {
    Objects.requireNonNull(consistency, "consistency");
    Objects.requireNonNull(query, "query");
    RaftException refused = refusal;
    if (refused != null) {
      return Future.failedFuture(refused);
    }
    if (inFlight.incrementAndGet() > options.getReadsInFlightMax()) {
      inFlight.decrementAndGet();
      return Future.failedFuture(
          new Rejected(
              Rejected.Reason.OVERLOADED,
              "in flight are %d reads, readsInFlightMax; try again later"
                  .formatted(options.getReadsInFlightMax()),
              null));
    }
    long now = scheduler.nanoTime();
    Read read = new Read(scheduler.callerContext(), consistency, query, now, now + timeoutNanos);
    intake.add(read);
    if (drainScheduled.compareAndSet(false, true)) {
      scheduler.execute(this::drain);
    }
    return read.promise.future();
  }

  private void drain() {
    drainScheduled.set(false);
    List<Read> batch = new ArrayList<>();
    for (Read next = intake.poll(); next != null; next = intake.poll()) {
      if (refusal == null) {
        batch.add(next);
        deadlines.add(next);
      } else {
        fail(next, refusal);
      }
    }
    armTimer();
    if (!batch.isEmpty()) {
      sink.route(batch);
    }
    flush();
  }

  void succeed(Read read, Buffer answer) {
    if (read.finish()) {
      inFlight.decrementAndGet();
      completions.succeed(read.caller, read.promise, answer);
    }
  }

  void fail(Read read, Throwable cause) {
    if (read.finish()) {
      inFlight.decrementAndGet();
      completions.fail(read.caller, read.promise, cause);
    }
  }

  /** Answers everything that waits. */
  void failAll(RaftException cause) {
    List.copyOf(deadlines).forEach(read -> fail(read, cause));
    drain();
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** Lets the callers know; once per batch of answers. */
  void flush() {
    forgetDone();
    completions.flush();
  }

  private void forgetDone() {
    while (!deadlines.isEmpty() && deadlines.peek().isDone()) {
      deadlines.poll();
    }
    // One slow read at the head must not keep all the answered ones behind it in memory.
    if (deadlines.size() > 1_024 && deadlines.size() > 2 * inFlight.get()) {
      deadlines.removeIf(Read::isDone);
    }
  }

  private void armTimer() {
    if (timer == null && !deadlines.isEmpty()) {
      long delay = Math.max(1, deadlines.peek().deadline - scheduler.nanoTime());
      timer = scheduler.schedule(delay, this::expire);
    }
  }

  private void expire() {
    timer = null;
    long now = scheduler.nanoTime();
    forgetDone();
    while (!deadlines.isEmpty() && deadlines.peek().deadline - now <= 0) {
      fail(
          deadlines.poll(),
          new Rejected(
              Rejected.Reason.TIMEOUT,
              "the read was not answered within readTimeoutMs = %d"
                  .formatted(options.getReadTimeoutMs()),
              null));
      forgetDone();
    }
    flush();
    armTimer();
  }
}
