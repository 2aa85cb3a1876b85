package io.vertxraft.console;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;

/** Waits for futures on the test's thread, with a limit that only a broken test reaches. */
final class Waits {
  private Waits() {}

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
