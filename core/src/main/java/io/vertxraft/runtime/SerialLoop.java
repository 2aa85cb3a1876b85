package io.vertxraft.runtime;

import java.lang.System.Logger;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a step on a context after each request for it, never twice at once, and once for all
 * requests that came before it began. Requests may come from any thread, and from the step itself.
 */
final class SerialLoop implements Runnable {
  private static final Logger LOG = System.getLogger(SerialLoop.class.getName());

  private final Executor context;
  private final Runnable step;
  private final AtomicInteger requests = new AtomicInteger();

  SerialLoop(Executor context, Runnable step) {
    this.context = context;
    this.step = step;
  }

  void request() {
    if (requests.getAndIncrement() == 0) {
      post();
    }
  }

  @Override
  public void run() {
    int seen = requests.get();
    boolean completed = false;
    try {
      step.run();
      completed = true;
    } finally {
      // A step that a user's handler broke off is done again, for what comes after.
      int left = requests.addAndGet(completed ? -seen : 1 - seen);
      if (left != 0) {
        post();
      }
    }
  }

  private void post() {
    try {
      context.execute(this);
    } catch (RuntimeException e) {
      // A worker pool that has been closed: nobody is left to hear of anything.
      LOG.log(Logger.Level.DEBUG, "the context of a stream is gone", e);
    }
  }
}
