package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.Executor;

/** A caller's call on its way, answered exactly once, and on the caller's context. */
abstract class PendingCall {
  final Executor caller;
  final long deadline;

  /** The one that came before it, while it is in the {@link Intake}. */
  PendingCall before;

  private final Promise<Buffer> promise = Promise.promise();
  private boolean done;
  private Buffer reply;
  private Throwable cause;

  PendingCall(Executor caller, long deadline) {
    this.caller = caller;
    this.deadline = deadline;
  }

  /** What the caller waits for. */
  Future<Buffer> future() {
    return promise.future();
  }

  boolean isDone() {
    return done;
  }

  /** Notes the answer, for {@link #tell()}; false, and nothing else, if there was one already. */
  boolean finish(Buffer newReply, Throwable newCause) {
    if (done) {
      return false;
    }
    done = true;
    reply = newReply;
    cause = newCause;
    return true;
  }

  /** Gives the caller the answer; on the caller's context, once, after {@link #finish}. */
  void tell() {
    Buffer toldReply = reply;
    Throwable toldCause = cause;
    // Whoever still holds the call has no use for them.
    reply = null;
    cause = null;
    promise.complete(toldReply, toldCause);
  }
}
