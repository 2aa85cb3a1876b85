package io.vertxraft.examples.benchmark.peer;

/** How a read makes sure that it is not stale. */
public enum ReadKind {
  /** The leader asks a majority whether it still leads. */
  READ_INDEX,
  /** The leader trusts its lease. */
  LEASE
}
