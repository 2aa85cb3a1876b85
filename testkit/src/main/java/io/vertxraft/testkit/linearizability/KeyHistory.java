package io.vertxraft.testkit.linearizability;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The operations of one key, laid out for the search: those with an answer and those without, each
 * in the order of their calls.
 */
final class KeyHistory<I, O> {
  private final List<Operation<I, O>> known = new ArrayList<>();
  private final List<Operation<I, O>> open = new ArrayList<>();
  private final long[] calls;
  private final long[] returns;
  private final long[] openCalls;

  KeyHistory(Model<?, I, O> model, List<Operation<I, O>> operations) {
    for (Operation<I, O> operation : operations) {
      if (operation.isKnown()) {
        known.add(operation);
      } else if (!model.isReadOnly(operation.input())) {
        open.add(operation);
      }
    }
    known.sort(
        Comparator.<Operation<I, O>>comparingLong(Operation::callNanos)
            .thenComparingLong(Operation::returnNanos));
    open.sort(Comparator.comparingLong(Operation::callNanos));
    calls = known.stream().mapToLong(Operation::callNanos).toArray();
    returns = known.stream().mapToLong(Operation::returnNanos).toArray();
    openCalls = open.stream().mapToLong(Operation::callNanos).toArray();
  }

  /** Number of operations with an answer. */
  int knownCount() {
    return calls.length;
  }

  /** Number of operations without. */
  int openCount() {
    return openCalls.length;
  }

  Operation<I, O> known(int index) {
    return known.get(index);
  }

  Operation<I, O> open(int index) {
    return open.get(index);
  }

  List<Operation<I, O>> known() {
    return known;
  }

  List<Operation<I, O>> open() {
    return open;
  }

  long callOf(int index) {
    return calls[index];
  }

  long returnOf(int index) {
    return returns[index];
  }

  long openCallOf(int index) {
    return openCalls[index];
  }

  /**
   * How far beyond the first operation that has no place yet another one can have its place: that
   * one was called before the first returned.
   */
  int windowMax() {
    int max = 1;
    for (int i = 0; i < calls.length; i++) {
      max = Math.max(max, firstCallAfter(returns[i]) - i);
    }
    return max;
  }

  private int firstCallAfter(long nanos) {
    int low = 0;
    int high = calls.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (calls[middle] <= nanos) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
