package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Consistency;
import io.vertxraft.RaftException;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftOptions;
import io.vertxraft.spi.RaftScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
  private final Intake<Read> intake = new Intake<>();
  private final Deadlines<Read> deadlines;
  private final Completions completions = new Completions();
  private volatile RaftException refusal;

  Reads(RaftScheduler scheduler, RaftOptions options, Sink sink) {
    this.scheduler = scheduler;
    this.options = options;
    this.sink = sink;
    this.deadlines = new Deadlines<>(scheduler, inFlight::get, this::expired, this::flush);
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
    return offer(consistency, query, null);
  }

  /** Takes a question after the fate of a command; on any thread. Answered with its name. */
  Future<Buffer> offer(Read.Place place) {
    return offer(Consistency.LINEARIZABLE, null, place);
  }

  private Future<Buffer> offer(Consistency consistency, Buffer query, Read.Place place) {
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
    Read read =
        new Read(
            scheduler.callerContext(),
            consistency,
            query,
            place,
            scheduler.nanoTime() + timeoutNanos);
    if (intake.add(read)) {
      scheduler.execute(this::drain);
    }
    return read.future();
  }

  private void drain() {
    List<Read> taken = intake.takeAll();
    List<Read> batch = new ArrayList<>(taken.size());
    for (Read next : taken) {
      if (refusal == null) {
        batch.add(next);
        deadlines.add(next);
      } else {
        fail(next, refusal);
      }
    }
    if (!batch.isEmpty()) {
      sink.route(batch);
    }
    flush();
  }

  void succeed(Read read, Buffer answer) {
    if (read.finish(answer, null)) {
      inFlight.decrementAndGet();
      completions.add(read);
    }
  }

  void fail(Read read, Throwable cause) {
    if (read.finish(null, cause)) {
      inFlight.decrementAndGet();
      completions.add(read);
    }
  }

  /** Answers everything that waits. */
  void failAll(RaftException cause) {
    deadlines.snapshot().forEach(read -> fail(read, cause));
    drain();
    deadlines.stop();
  }

  /** Lets the callers know; once per batch of answers. */
  void flush() {
    deadlines.forgetDone();
    completions.flush();
  }

  private void expired(Read read) {
    fail(
        read,
        new Rejected(
            Rejected.Reason.TIMEOUT,
            "the read was not answered within readTimeoutMs = %d"
                .formatted(options.getReadTimeoutMs()),
            null));
  }
}
