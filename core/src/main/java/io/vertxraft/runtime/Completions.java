package io.vertxraft.runtime;

import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Tells callers their answers on the callers' own contexts, in order, one task per run of calls
 * that go to the same context. A caller's handler that throws harms nobody else.
 */
final class Completions {
  private static final Logger LOG = System.getLogger(Completions.class.getName());

  private List<PendingCall> run = new ArrayList<>();
  private Executor target;

  /** A call that has its answer. */
  void add(PendingCall finished) {
    if (!finished.caller.equals(target)) {
      flush();
      target = finished.caller;
    }
    run.add(finished);
  }

  /** Posts what has been collected. */
  void flush() {
    if (run.isEmpty()) {
      return;
    }
    List<PendingCall> batch = run;
    // The next run is as long as this one, mostly.
    run = new ArrayList<>(batch.size());
    try {
      target.execute(() -> batch.forEach(Completions::guarded));
    } catch (RuntimeException e) {
      // A worker pool that has been closed: nobody is left to hear the results.
      LOG.log(Logger.Level.DEBUG, "the context of a caller of apply() is gone", e);
    }
  }

  private static void guarded(PendingCall finished) {
    try {
      finished.tell();
    } catch (Throwable t) {
      LOG.log(Logger.Level.ERROR, "a handler of an apply() result has thrown", t);
    }
  }
}
