package io.vertxraft.runtime;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertxraft.spi.RaftScheduler;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Real time on a Vert.x context. The only class of the runtime that reads a clock. */
final class VertxScheduler implements RaftScheduler {
  private final Vertx vertx;
  private final Context context;

  /** Mostly the next caller is on the same context as the last one. */
  private volatile ContextExecutor lastCaller;

  VertxScheduler(Vertx vertx, Context context) {
    this.vertx = vertx;
    this.context = context;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long random(long bound) {
    return ThreadLocalRandom.current().nextLong(bound);
  }

  @Override
  public void execute(Runnable task) {
    context.runOnContext(ignored -> task.run());
  }

  @Override
  public boolean inContext() {
    return Vertx.currentContext() == context;
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(delayNanos + 999_999));
    long id = vertx.setTimer(millis, ignored -> task.run());
    return () -> vertx.cancelTimer(id);
  }

  @Override
  public Executor callerContext() {
    Context caller = Vertx.currentContext();
    if (caller == null || caller == context) {
      return this;
    }
    ContextExecutor last = lastCaller;
    if (last == null || last.context != caller) {
      last = new ContextExecutor(caller);
      lastCaller = last;
    }
    return last;
  }

  /**
   * Runs tasks on a caller's context; equal for equal contexts, so that replies travel together.
   */
  private record ContextExecutor(Context context) implements Executor {
    @Override
    public void execute(Runnable task) {
      context.runOnContext(ignored -> task.run());
    }
  }
}
