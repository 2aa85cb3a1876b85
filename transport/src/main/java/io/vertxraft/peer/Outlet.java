package io.vertxraft.peer;

import java.util.List;

/** One direction of an open stream, as its queue sees it. Confined to the stream's context. */
public interface Outlet {
  /** How many bytes of messages go into one write, unless a single message is larger. */
  int batchBytes();

  /** Whether so much is being written that more had better wait. */
  boolean isFull();

  /** Says what to run each time the outlet takes more after it was full. */
  void whenDrained(Runnable task);

  /**
   * Writes messages in their order.
   *
   * @param batch not empty; not used after the call
   * @throws IllegalStateException if the stream has just failed; its owner hears of it otherwise
   */
  void write(List<Outgoing> batch);
}
