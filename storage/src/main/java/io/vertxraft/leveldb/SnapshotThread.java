package io.vertxraft.leveldb;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The one thread that does the file work of all snapshots of a storage. Work is queued in {@link
 * Lane lanes}, of which each keeps its order; lanes take turns after every piece of work, so that
 * the verification of a large snapshot keeps nobody waiting.
 */
final class SnapshotThread {
  private static final System.Logger LOG = System.getLogger(SnapshotThread.class.getName());

  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Lane> ready = new ArrayDeque<>();

  /** Confined to the thread: what is open, closed at the end if nobody has done so. */
  private final Set<Closeable> open = new LinkedHashSet<>();

  private boolean started;
  private volatile boolean closed;

  /** Nobody waits any more, and the directory may have another owner. */
  private volatile boolean abandoned;

  SnapshotThread(String name) {
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /** Something queued: does a piece and returns whether it was the last. Must not throw. */
  @FunctionalInterface
  interface Turn {
    boolean run(boolean cancelled);
  }

  /** A queue with an order of its own. */
  final class Lane {
    private final ArrayDeque<Turn> queue = new ArrayDeque<>();
    private volatile boolean cancelled;

    /** Queues a turn; false, and nothing done, after {@link SnapshotThread#close}. */
    boolean add(Turn turn) {
      lock.lock();
      try {
        if (closed) {
          return false;
        }
        if (!started) {
          thread.start();
          started = true;
        }
        queue.add(turn);
        if (queue.size() == 1) {
          ready.add(this);
          arrived.signal();
        }
        return true;
      } finally {
        lock.unlock();
      }
    }

    /** Ends what has several pieces after its next one. */
    void cancel() {
      cancelled = true;
    }

    /**
     * Queues work.
     *
     * @param context where the future completes
     * @param errors what a failure is for the caller
     * @param closedFailure says that work is not done any more
     */
    <T> Future<T> submit(
        Work<T> work,
        Executor context,
        Function<Throwable, Throwable> errors,
        Supplier<? extends Throwable> closedFailure) {
      Promise<T> promise = Promise.promise();
      boolean accepted =
          add(
              ended -> {
                T result;
                try {
                  if (!work.step()) {
                    if (!ended) {
                      return false;
                    }
                    throw new CancelledException();
                  }
                  result = work.result();
                } catch (Throwable e) {
                  Throwable failure =
                      e instanceof CancelledException ? closedFailure.get() : errors.apply(e);
                  afterFailure(work, failure);
                  LevelDbStorage.post(context, () -> promise.fail(failure));
                  return true;
                }
                LevelDbStorage.post(context, () -> promise.complete(result));
                return true;
              });
      return accepted ? promise.future() : Future.failedFuture(closedFailure.get());
    }

    private void turn() {
      Turn head;
      lock.lock();
      try {
        head = queue.peek();
      } finally {
        lock.unlock();
      }
      boolean finished = true;
      try {
        finished = head.run(closed || cancelled);
      } finally {
        lock.lock();
        try {
          if (finished) {
            queue.poll();
          }
          if (!queue.isEmpty()) {
            ready.add(this);
          }
        } finally {
          lock.unlock();
        }
      }
    }
  }

  private static void afterFailure(Work<?> work, Throwable failure) {
    try {
      work.failed(failure);
    } catch (Throwable e) {
      LOG.log(System.Logger.Level.WARNING, "could not tidy up after: " + failure.getMessage(), e);
    }
  }

  /** Work was cut short because the storage or the group is closing. */
  private static final class CancelledException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  Lane lane() {
    return new Lane();
  }

  /** Remembers what is to be closed at the end. On the thread. */
  <T extends Closeable> T opened(T resource) {
    open.add(resource);
    return resource;
  }

  /** Closes what was {@link #opened}. On the thread. */
  void close(Closeable resource) throws IOException {
    open.remove(resource);
    resource.close();
  }

  private void run() {
    for (Lane lane = next(); lane != null && !abandoned; lane = next()) {
      try {
        lane.turn();
      } catch (Throwable e) {
        LOG.log(System.Logger.Level.ERROR, "a task of " + thread.getName() + " failed", e);
      }
    }
    for (Closeable resource : new ArrayList<>(open)) {
      try {
        close(resource);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "could not close a file of a snapshot", e);
      }
    }
  }

  private Lane next() {
    lock.lock();
    try {
      while (ready.isEmpty() && !closed) {
        arrived.awaitUninterruptibly();
      }
      return ready.poll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes no more work, ends what has several pieces, does the rest that is queued, and waits for
   * all of it, but not for ever: a disk that does not answer keeps nobody from closing.
   *
   * @return whether all of it was done in time
   */
  boolean close(long timeoutNanos) {
    lock.lock();
    try {
      closed = true;
      arrived.signal();
      if (!started) {
        return true;
      }
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    long deadline = System.nanoTime() + timeoutNanos;
    while (thread.isAlive() && System.nanoTime() - deadline < 0) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    abandoned = thread.isAlive();
    return !abandoned;
  }

  /** The work of one call, done on the thread. */
  interface Work<T> {
    /** Does a piece; true if it was the last. */
    boolean step() throws IOException;

    /** What it comes to, after the last piece. */
    T result();

    /** Tidies up when a piece has failed, or there will be no more. */
    void failed(Throwable cause) throws IOException;
  }

  /** Work as a list of steps, to which each of them may add. */
  static class Steps<T> implements Work<T> {
    /** A step: true if it is done, false to be called again. */
    @FunctionalInterface
    interface Step {
      boolean run() throws IOException;
    }

    /** A step of one piece. */
    @FunctionalInterface
    interface Action {
      void run() throws IOException;
    }

    private final List<Step> left = new ArrayList<>();
    private T result;

    final void then(Action action) {
      left.add(
          () -> {
            action.run();
            return true;
          });
    }

    final void repeat(Step step) {
      left.add(step);
    }

    final void result(T value) {
      result = value;
    }

    /** Puts steps before all others; called by a step. */
    final void next(List<Step> steps) {
      left.addAll(1, steps);
    }

    /** Leaves out the steps that have not been done; called by a step. */
    final void skipRest() {
      left.subList(1, left.size()).clear();
    }

    @Override
    public final boolean step() throws IOException {
      if (!left.isEmpty() && left.get(0).run()) {
        left.remove(0);
      }
      return left.isEmpty();
    }

    @Override
    public final T result() {
      return result;
    }

    @Override
    public void failed(Throwable cause) throws IOException {
      // Most work leaves nothing behind.
    }
  }

  /** Work of one piece. */
  static Work<Void> once(Steps.Action action) {
    Steps<Void> steps = new Steps<>();
    steps.then(action);
    return steps;
  }
}
