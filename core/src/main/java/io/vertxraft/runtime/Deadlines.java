package io.vertxraft.runtime;

import io.vertxraft.spi.RaftScheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Calls in the order of their deadlines. Most have the same timeout, so that this is the order they
 * come in; the others are kept in a heap beside them. One timer serves them all. Confined to the
 * node's context.
 */
final class Deadlines<T extends PendingCall> {
  private static final int KEPT_ANYWAY = 1_024;

  private final RaftScheduler scheduler;
  private final IntSupplier inFlight;
  private final Consumer<T> passed;
  private final Runnable afterwards;
  private final ArrayDeque<T> calls = new ArrayDeque<>();

  /** With a deadline before that of a call that came earlier. */
  private final PriorityQueue<T> hasty =
      new PriorityQueue<>((a, b) -> Long.compare(a.deadline - b.deadline, 0));

  private RaftScheduler.Timer timer;
  private long timerDeadline;

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
    if (calls.isEmpty() || call.deadline - calls.peekLast().deadline >= 0) {
      calls.add(call);
    } else {
      hasty.add(call);
    }
    if (timer == null || call.deadline - timerDeadline < 0) {
      arm();
    }
  }

  /** All calls that may not be answered yet. */
  List<T> snapshot() {
    List<T> all = new ArrayList<>(calls);
    all.addAll(hasty);
    return all;
  }

  void forgetDone() {
    while (!calls.isEmpty() && calls.peek().isDone()) {
      calls.poll();
    }
    while (!hasty.isEmpty() && hasty.peek().isDone()) {
      hasty.poll();
    }
    // One slow call at the head must not keep all the answered ones behind it in memory.
    int kept = calls.size() + hasty.size();
    if (kept > KEPT_ANYWAY && kept > 2 * inFlight.getAsInt()) {
      calls.removeIf(PendingCall::isDone);
      hasty.removeIf(PendingCall::isDone);
    }
  }

  /** No deadline passes any more. */
  void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** The call whose deadline comes first, or null. */
  private T first() {
    T usual = calls.peek();
    T other = hasty.peek();
    if (usual == null || other == null) {
      return usual == null ? other : usual;
    }
    return other.deadline - usual.deadline < 0 ? other : usual;
  }

  private void arm() {
    T first = first();
    if (first == null) {
      return;
    }
    if (timer != null) {
      if (first.deadline - timerDeadline >= 0) {
        return;
      }
      timer.cancel();
    }
    timerDeadline = first.deadline;
    timer = scheduler.schedule(Math.max(1, first.deadline - scheduler.nanoTime()), this::expire);
  }

  private void expire() {
    timer = null;
    long now = scheduler.nanoTime();
    forgetDone();
    for (T next = first(); next != null && next.deadline - now <= 0; next = first()) {
      if (next == calls.peek()) {
        calls.poll();
      } else {
        hasty.poll();
      }
      passed.accept(next);
      forgetDone();
    }
    afterwards.run();
    arm();
  }
}
