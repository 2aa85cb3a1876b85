package io.vertxraft.runtime;

import io.vertx.core.Future;
import java.util.concurrent.Executor;

/** Provides the serial context on which a state machine runs. */
public interface StateMachineContext {
  /** Makes the context ready. */
  Future<Executor> open();

  /** Releases it. */
  Future<Void> close();

  /** A context that is always there. */
  static StateMachineContext of(Executor executor) {
    return new StateMachineContext() {
      @Override
      public Future<Executor> open() {
        return Future.succeededFuture(executor);
      }

      @Override
      public Future<Void> close() {
        return Future.succeededFuture();
      }
    };
  }
}
