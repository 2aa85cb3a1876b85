package io.vertxraft.runtime;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** Calls of code that is not ours. */
final class Calls {
  private Calls() {}

  /** The future that a call gives; a failed one if the call throws. */
  static <T> Future<T> guarded(Supplier<Future<T>> call) {
    // compose turns what a call throws into a failure.
    return Future.succeededFuture().compose(ignored -> call.get());
  }
}
