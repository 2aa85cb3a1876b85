package io.vertxraft.client;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.spi.ClientRequest;
import java.util.concurrent.Executor;

/** A call that is sent again until it is answered or its time is over. */
abstract class RetriedCall {
  final Promise<Buffer> promise = Promise.promise();
  final Executor caller;
  final long deadline;
  int attempts;

  /** An attempt that may have had an effect; null while none has. */
  Unknown maybe;

  /** Why the last attempt had none. */
  Rejected lastRefusal;

  boolean done;

  RetriedCall(Executor caller, long deadline) {
    this.caller = caller;
    this.deadline = deadline;
  }

  /** What is sent this time. */
  abstract ClientRequest request(long timeoutMs);

  /** Whether an attempt without an answer may have changed anything. */
  abstract boolean changesState();

  /** The call has been answered, or given up. */
  void ended() {}
}
