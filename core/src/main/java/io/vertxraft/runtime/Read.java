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

  /** Where the command stands whose fate is asked for; null if the state machine is asked. */
  final Place place;

  /** A place in the log of a leader. */
  record Place(long term, long index) {}

  Read(Executor caller, Consistency consistency, Buffer query, Place place, long deadline) {
    super(caller, deadline);
    this.consistency = consistency;
    this.query = query;
    this.place = place;
  }
}
