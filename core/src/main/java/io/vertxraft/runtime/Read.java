package io.vertxraft.runtime;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Consistency;
import java.util.concurrent.Executor;

/** One call of {@code read} on its way to its answer. */
final class Read {
  final Promise<Buffer> promise = Promise.promise();
  final Executor caller;
  final Consistency consistency;
  final Buffer query;
  final long startedAt;
  final long deadline;

  /** The leadership on whose lease the read relies; 0 if it relies on none. */
  long leaseTerm;

  private boolean done;

  Read(Executor caller, Consistency consistency, Buffer query, long startedAt, long deadline) {
    this.caller = caller;
    this.consistency = consistency;
    this.query = query;
    this.startedAt = startedAt;
    this.deadline = deadline;
  }

  boolean isDone() {
    return done;
  }

  /** Marks the read as answered; false if it was already. */
  boolean finish() {
    boolean first = !done;
    done = true;
    return first;
  }
}
