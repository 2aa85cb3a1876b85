package io.vertxraft.runtime;

import io.vertx.core.Promise;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Completes callers' promises on the callers' own contexts, in order, one task per run of
 * completions that go to the same context. A caller's handler that throws harms nobody else.
 */
final class Completions {
  private static final Logger LOG = System.getLogger(Completions.class.getName());

  private final List<Runnable> run = new ArrayList<>();
  private Executor target;

  <T> void succeed(Executor context, Promise<T> promise, T result) {
    add(context, () -> promise.complete(result));
  }

  void fail(Executor context, Promise<?> promise, Throwable cause) {
    add(context, () -> promise.fail(cause));
  }

  /** Posts what has been collected. */
  void flush() {
    if (run.isEmpty()) {
      return;
    }
    List<Runnable> batch = List.copyOf(run);
    run.clear();
    try {
      target.execute(() -> batch.forEach(Completions::guarded));
    } catch (RuntimeException e) {
      // A worker pool that has been closed: nobody is left to hear the results.
      LOG.log(Logger.Level.DEBUG, "the context of a caller of apply() is gone", e);
    }
  }

  private void add(Executor context, Runnable completion) {
    if (!context.equals(target)) {
      flush();
      target = context;
    }
    run.add(completion);
  }

  private static void guarded(Runnable completion) {
    try {
      completion.run();
    } catch (Throwable t) {
      LOG.log(Logger.Level.ERROR, "a handler of an apply() result has thrown", t);
    }
  }
}
