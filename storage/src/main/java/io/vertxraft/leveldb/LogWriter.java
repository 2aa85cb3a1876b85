package io.vertxraft.leveldb;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The one thread that writes. While it syncs a batch, everything that arrives queues up and forms
 * the next: no timer, no lingering. Other tasks keep their place among the writes.
 */
final class LogWriter {
  /** What the queue holds: a {@link WriteJob} or a {@link Task}. */
  interface Job {}

  /** Something other than a write that runs on the writer thread, after the writes before it. */
  record Task(Runnable body) implements Job {}

  /** Carries out batches, on the writer thread. */
  interface Sink {
    /**
     * Writes and completes all jobs; there is at least one.
     *
     * @return whether {@link #idle} has something to do, and is to be called at once if nothing
     *     waits
     */
    boolean commit(List<WriteJob> jobs);

    /**
     * Called when there is nothing to write: some milliseconds after the last job, then about once
     * a second.
     *
     * @return whether to be called again at once
     */
    boolean idle();
  }

  private static final System.Logger LOG = System.getLogger(LogWriter.class.getName());

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** So long after a job it may be that more are on their way. */
  private static final long LULL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final Sink sink;
  private final int batchBytesMax;
  private final int batchWritesMax;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Job> queue = new ArrayDeque<>();
  private long queuedBytes;
  private boolean started;
  private boolean closed;

  LogWriter(String name, LevelDbOptions options, Sink sink) {
    this.sink = sink;
    this.batchBytesMax = options.getBatchBytesMax();
    this.batchWritesMax = options.getBatchWritesMax();
    this.thread = new Thread(this::run, name);
    this.thread.setDaemon(true);
  }

  /** Queues a job; false, and nothing done, after {@link #close}. */
  boolean enqueue(Job job) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      add(job);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses further jobs, runs {@code last} after those already queued, and ends the thread.
   *
   * @return whether this was the first call; otherwise {@code last} is dropped
   */
  boolean close(Runnable last) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      add(new Task(last));
      closed = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void add(Job job) {
    if (!started) {
      // In this order: a thread the system refuses is asked for again with the next job.
      thread.start();
      started = true;
    }
    queue.add(job);
    if (job instanceof WriteJob write) {
      queuedBytes += write.bytes();
    }
    arrived.signal();
  }

  /** Bytes of entries that wait for the writer, the batch in progress not included. */
  long queuedBytes() {
    lock.lock();
    try {
      return queuedBytes;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    List<WriteJob> batch = new ArrayList<>();
    long patienceNanos = IDLE_NANOS;
    while (awaitJobs(patienceNanos)) {
      Task task = take(batch);
      if (batch.isEmpty() && task == null) {
        patienceNanos = guarded(sink::idle) ? 0 : IDLE_NANOS;
        continue;
      }
      boolean more = !batch.isEmpty() && guarded(() -> sink.commit(batch));
      batch.clear();
      if (task != null) {
        more |=
            guarded(
                () -> {
                  task.body().run();
                  return false;
                });
      }
      patienceNanos = more ? 0 : LULL_NANOS;
    }
  }

  /** Whatever a context or a listener throws at it, the thread that owns the database goes on. */
  private boolean guarded(BooleanSupplier body) {
    try {
      return body.getAsBoolean();
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "a task of " + thread.getName() + " failed", e);
      return false;
    }
  }

  /**
   * Waits until there are jobs, or for the given time; false when the writer is closed and done.
   */
  private boolean awaitJobs(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (queue.isEmpty() && !closed && left > 0) {
        left = arrived.awaitNanos(left);
      }
      return !queue.isEmpty() || !closed;
    } catch (InterruptedException e) {
      // Nobody else has this thread: whoever interrupts it wants nothing that is known here.
      LOG.log(System.Logger.Level.DEBUG, "interrupted", e);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Fills {@code batch} up to its bounds, or up to a task, which is returned. */
  private Task take(List<WriteJob> batch) {
    lock.lock();
    try {
      long bytes = 0;
      while (queue.peek() instanceof WriteJob write
          && batch.size() < batchWritesMax
          && (batch.isEmpty() || bytes + write.bytes() <= batchBytesMax)) {
        queue.poll();
        bytes += write.bytes();
        batch.add(write);
      }
      queuedBytes -= bytes;
      if (queue.peek() instanceof Task task) {
        queue.poll();
        return task;
      }
      return null;
    } finally {
      lock.unlock();
    }
  }
}
