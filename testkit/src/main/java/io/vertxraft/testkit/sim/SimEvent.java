package io.vertxraft.testkit.sim;

/** Something that happens at an instant of virtual time. Each instance is scheduled once. */
abstract class SimEvent {
  /** Position in the order of scheduling; set by the loop. */
  long sequence;

  /** Whether the event has become pointless and is to be skipped without a trace. */
  boolean cancelled() {
    return false;
  }

  /** Lets it happen. */
  abstract void run();

  /** What the trace calls it; null if the event records itself. */
  TraceKind kind() {
    return TraceKind.OTHER;
  }

  /** Number of the node or client concerned; negative for the world itself. */
  int owner() {
    return -1;
  }
}
