package io.vertxraft.runtime;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.Executor;

/** A caller's call on its way, answered exactly once, and on the caller's context. */
abstract class PendingCall {
  final Promise<Buffer> promise = Promise.promise();
  final Executor caller;
  final long deadline;
  private boolean done;

  PendingCall(Executor caller, long deadline) {
    this.caller = caller;
    this.deadline = deadline;
  }

  boolean isDone() {
    return done;
  }

  /** Marks the call as answered; false if it was already. */
  boolean finish() {
    boolean first = !done;
    done = true;
    return first;
  }
}
