package io.vertxraft.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Calls on their way to the node's context: added on any thread, taken there all at once, in the
 * order in which they came. They are linked to each other, so that queueing allocates nothing.
 */
final class Intake<T extends PendingCall> {
  private final AtomicReference<T> newest = new AtomicReference<>();

  /**
   * Adds a call.
   *
   * @return whether none was there, so that somebody must be told to take them
   */
  boolean add(T call) {
    T before;
    do {
      before = newest.get();
      call.before = before;
    } while (!newest.compareAndSet(before, call));
    return before == null;
  }

  /** Takes everything, the oldest first; on the node's context. */
  List<T> takeAll() {
    T last = newest.getAndSet(null);
    int count = 0;
    for (T call = last; call != null; call = before(call)) {
      count++;
    }
    List<T> calls = new ArrayList<>(count);
    while (last != null) {
      T next = before(last);
      // Else each call would keep all earlier ones in memory.
      last.before = null;
      calls.add(last);
      last = next;
    }
    Collections.reverse(calls);
    return calls;
  }

  /** Looks at what is there, the newest first; on the node's context. */
  void forEach(Consumer<T> look) {
    for (T call = newest.get(); call != null; call = before(call)) {
      look.accept(call);
    }
  }

  /** Only calls of this kind are linked here. */
  @SuppressWarnings("unchecked")
  private T before(T call) {
    return (T) call.before;
  }
}
