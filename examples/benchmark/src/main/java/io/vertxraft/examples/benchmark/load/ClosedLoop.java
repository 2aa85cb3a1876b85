package io.vertxraft.examples.benchmark.load;

import io.vertxraft.examples.benchmark.peer.Completion;
import io.vertxraft.examples.benchmark.peer.RaftMember;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Keeps a fixed number of operations under way: each that ends begins the next. */
final class ClosedLoop extends Load {
  private static final long PAUSE_AFTER_FAILURE_MILLIS = 1;

  private final Executor again =
      CompletableFuture.delayedExecutor(PAUSE_AFTER_FAILURE_MILLIS, TimeUnit.MILLISECONDS);

  ClosedLoop(RaftMember member, LoadPlan plan) {
    super(member, plan);
  }

  @Override
  void begin() {
    // Not on the thread that measures: what ends at once begins the next and never returns.
    Thread starter = new Thread(this::startAll, "load starter");
    starter.setDaemon(true);
    starter.start();
  }

  private void startAll() {
    for (int i = 0; i < plan().inFlight(); i++) {
      Slot slot = new Slot();
      member().loadExecutor().execute(slot::next);
    }
  }

  @Override
  void end() {
    // Each operation looks whether it is to begin another.
  }

  /** One operation after the other. Kept, so that the load itself allocates next to nothing. */
  private final class Slot implements Completion {
    private long startNanos;
    private Thread starting;
    private Thread endedAtOnce;

    /** Begins operations until one does not end at once, which would nest without end. */
    void next() {
      Thread here = Thread.currentThread();
      do {
        endedAtOnce = null;
        starting = here;
        startNanos = System.nanoTime();
        start(this);
        starting = null;
      } while (endedAtOnce == here && running());
    }

    @Override
    public void done(Throwable failure) {
      ended(startNanos, failure);
      if (!running()) {
        return;
      }
      if (failure != null) {
        again.execute(() -> member().loadExecutor().execute(this::next));
      } else if (starting == Thread.currentThread()) {
        endedAtOnce = starting;
      } else {
        next();
      }
    }
  }
}
