package io.vertxraft.examples.demo;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Brings outcomes to the context where they are wanted. */
final class Hops {
  private Hops() {}

  /** The same outcome as {@code future}'s, always delivered on {@code context}. */
  static <T> Future<T> to(Context context, Future<T> future) {
    Promise<T> promise = Promise.promise();
    future.onComplete(
        value -> context.runOnContext(v -> promise.complete(value)),
        cause -> context.runOnContext(v -> promise.fail(cause)));
    return promise.future();
  }
}
