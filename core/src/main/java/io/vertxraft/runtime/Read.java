package io.vertxraft.runtime;

import io.vertx.core.buffer.Buffer;
import io.vertxraft.Consistency;
import java.util.concurrent.Executor;

/** One call of {@code read} on its way to its answer. */
final class Read extends PendingCall {
  final Consistency consistency;
  final Buffer query;

  /** The leadership on whose lease the read relies; 0 if it relies on none. */
  long leaseTerm;

  Read(Executor caller, Consistency consistency, Buffer query, long deadline) {
    super(caller, deadline);
    this.consistency = consistency;
    this.query = query;
  }
}
