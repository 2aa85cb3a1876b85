package io.vertxraft.runtime;

import io.vertxraft.spi.RaftScheduler;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Calls in the order of their deadlines, which is the order they came in, for all of a kind have
 * the same timeout. One timer serves them all. Confined to the node's context.
 */
final class Deadlines<T extends PendingCall> {
  private static final int KEPT_ANYWAY = 1_024;

  private final RaftScheduler scheduler;
  private final IntSupplier inFlight;
  private final Consumer<T> passed;
  private final Runnable afterwards;
  private final ArrayDeque<T> calls = new ArrayDeque<>();
  private RaftScheduler.Timer timer;

  /**
   * No calls yet.
   *
   * @param inFlight how many calls are not answered
   * @param passed answers a call whose deadline has passed
   * @param afterwards called once after all that have passed together
   */
  Deadlines(
      RaftScheduler scheduler, IntSupplier inFlight, Consumer<T> passed, Runnable afterwards) {
    this.scheduler = scheduler;
    this.inFlight = inFlight;
    this.passed = passed;
    this.afterwards = afterwards;
  }

  void add(T call) {
    calls.add(call);
    arm();
  }

  /** All calls that may not be answered yet. */
  List<T> snapshot() {
    return List.copyOf(calls);
  }

  void forgetDone() {
    while (!calls.isEmpty() && calls.peek().isDone()) {
      calls.poll();
    }
    // One slow call at the head must not keep all the answered ones behind it in memory.
    if (calls.size() > KEPT_ANYWAY && calls.size() > 2 * inFlight.getAsInt()) {
      calls.removeIf(PendingCall::isDone);
    }
  }

  /** No deadline passes any more. */
  void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void arm() {
    if (timer == null && !calls.isEmpty()) {
      long delay = Math.max(1, calls.peek().deadline - scheduler.nanoTime());
      timer = scheduler.schedule(delay, this::expire);
    }
  }

  private void expire() {
    timer = null;
    long now = scheduler.nanoTime();
    forgetDone();
    while (!calls.isEmpty() && calls.peek().deadline - now <= 0) {
      passed.accept(calls.poll());
      forgetDone();
    }
    afterwards.run();
    arm();
  }
}
