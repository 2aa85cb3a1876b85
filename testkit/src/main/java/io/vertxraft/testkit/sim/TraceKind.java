package io.vertxraft.testkit.sim;

/** What a line of the {@link Trace} is about. The order is part of the trace hash. */
public enum TraceKind {
  /** A task ran on a context. */
  TASK,
  /** A timer ran on a context. */
  TIMER,
  /** A message was handed to the network. */
  SEND,
  /** A message reached its receiver. */
  DELIVER,
  /** A message was lost, or found nobody. */
  DROP,
  /** A message is held back by a rule. */
  HOLD,
  /** A group was opened on a disk. */
  DISK_OPEN,
  /** A write was handed to a disk. */
  DISK_WRITE,
  /** Writes became durable. */
  DISK_SYNC,
  /** Entries were read from a disk. */
  DISK_READ,
  /** A disk refused or lost something. */
  DISK_FAULT,
  /** A node's process started. */
  BOOT,
  /** A node's process ended. */
  HALT,
  /** Something was done to the world. */
  FAULT,
  /** A client sent a command or learned its fate. */
  CLIENT,
  /** An event without a kind of its own. */
  OTHER,
  /** A step of a snapshot on a disk was done. */
  DISK_SNAPSHOT;

  static final TraceKind[] ALL = values();
}
