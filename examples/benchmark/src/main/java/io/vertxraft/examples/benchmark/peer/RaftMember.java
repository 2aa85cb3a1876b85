package io.vertxraft.examples.benchmark.peer;

import java.util.concurrent.Executor;

/**
 * A running member of a group of three, of whatever library. Thread-safe. It ends with its process:
 * what it wrote is synced or need not last.
 */
public interface RaftMember {
  /**
   * Waits until it runs, where its start does not. Blocks; called when all members that this
   * process is to have are started.
   */
  default void awaitRunning() throws InterruptedException {}

  /** Whether it leads and takes commands now. May block for a moment. */
  boolean isLeader();

  /**
   * Replicates a command through the library's own call. Does not block; for a load this is called
   * in {@link #loadExecutor()}.
   *
   * @param command never changed by anybody, so that it may be kept
   * @param completion called once, on any thread: when a majority has the command on its disk and
   *     the state machine here has applied it, or when that failed
   */
  void apply(byte[] command, Completion completion);

  /** Reads what a state machine would answer, in the way asked for. Does not block. */
  default void read(ReadKind kind, Completion completion) {
    throw new UnsupportedOperationException("this library has no " + kind + " read");
  }

  /** Where a load that is at home in this library runs. */
  default Executor loadExecutor() {
    return Runnable::run;
  }

  /** Commands applied by the state machine of this member since it started. */
  long applied();

  /** CPU time of programs that it runs beside this process. */
  default long cpuNanosBeside() {
    return 0;
  }

  /** Ends what would not end with this process. */
  default void close() {}
}
