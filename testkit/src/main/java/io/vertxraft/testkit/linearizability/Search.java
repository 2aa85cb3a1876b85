package io.vertxraft.testkit.linearizability;

import java.util.Objects;
import java.util.PriorityQueue;

/**
 * Looks for an order of one key's operations that explains all answers and respects real time: the
 * search of Wing and Gong, with Lowe's memory of (operations placed, state).
 *
 * <p>Four things keep it small. Of a point that differs from a known one only in more guesses
 * nothing is expected ({@link Visited}). An operation that is right where the search stands and
 * changes nothing there or elsewhere is placed at once, without alternatives: from any order that
 * has it later it can be moved here. Where the model knows that an answer still to come cannot be
 * right any more, nothing is looked for. And points are looked at best first: far ones before near
 * ones, but those that guess at operations without an answer only after what does without.
 */
final class Search<S, I, O> {
  /** How many placed operations one more guess in a row must be worth. */
  private static final int PRICE_OF_A_GUESS = 8;

  /** How many operations without a place are asked whether their answers can still be right. */
  private static final int LOOKAHEAD = 16;

  private final Model<S, I, O> model;
  private final KeyHistory<I, O> history;
  private final Observer<S, O> observer;
  private final Visited<S> visited = new Visited<>();
  private final PriorityQueue<Point<S>> queue = new PriorityQueue<>();
  private long sequence;
  private boolean found;

  /** Watches a search. */
  interface Observer<S, O> {
    /** An operation with an answer could have been next, and would have answered this. */
    default void offered(int operation, O expected) {}

    /** All operations have their place, in an order that ends here; whether to stop. */
    default boolean completed(S state) {
      return true;
    }
  }

  private record Point<S>(Configuration<S> at, int rank, long sequence)
      implements Comparable<Point<S>> {
    @Override
    public int compareTo(Point<S> other) {
      return rank != other.rank
          ? Integer.compare(other.rank, rank)
          : Long.compare(other.sequence, sequence);
    }
  }

  Search(Model<S, I, O> model, KeyHistory<I, O> history, Observer<S, O> observer) {
    this.model = model;
    this.history = history;
    this.observer = observer;
  }

  Search(Model<S, I, O> model, KeyHistory<I, O> history) {
    this(model, history, new Observer<>() {});
  }

  /** Searches until the answer is known or {@code budget} points were seen. */
  Verdict run(long budget) {
    reach(Configuration.start(model.initial(), history.windowMax(), history.openCount()));
    while (!found) {
      Point<S> next = queue.poll();
      if (next == null) {
        return Verdict.NOT_LINEARIZABLE;
      }
      if (visited.size() > budget) {
        return Verdict.BUDGET;
      }
      expand(next.at);
    }
    return Verdict.LINEARIZABLE;
  }

  /** How many points were seen. */
  long points() {
    return visited.size();
  }

  private void reach(Configuration<S> point) {
    if (isDeadEnd(point) || !visited.add(point)) {
      return;
    }
    if (point.placed == history.knownCount()) {
      found |= observer.completed(point.state);
    } else {
      enqueue(point);
    }
  }

  private boolean isDeadEnd(Configuration<S> point) {
    int end = Math.min(point.base + LOOKAHEAD, history.knownCount());
    for (int i = point.base; i < end; i++) {
      Operation<I, O> next = history.known(i);
      if (!point.isPlaced(i) && !model.canLeadTo(point.state, next.input(), next.output())) {
        return true;
      }
    }
    return false;
  }

  private void enqueue(Configuration<S> point) {
    queue.add(new Point<>(point, point.placed - PRICE_OF_A_GUESS * point.guesses, sequence++));
  }

  private void expand(Configuration<S> point) {
    long horizon = firstReturn(point);
    if (point.onlyGuessesLeft) {
      guess(point, horizon);
    } else if (placeAny(point, horizon) && canGuess(point, horizon)) {
      enqueue(point.leaveGuesses());
    }
  }

  /** When the first of the operations without a place returned: what comes next was called then. */
  private long firstReturn(Configuration<S> point) {
    long first = Operation.UNKNOWN;
    for (int i = point.base; i < history.knownCount() && history.callOf(i) <= first; i++) {
      if (!point.isPlaced(i)) {
        first = Math.min(first, history.returnOf(i));
      }
    }
    return first;
  }

  /** Places each operation that can be next; whether there may be other ways to go on. */
  private boolean placeAny(Configuration<S> point, long horizon) {
    int end = point.base;
    while (end < history.knownCount() && history.callOf(end) <= horizon) {
      end++;
    }
    // What is added last is looked at first: the earliest call.
    for (int i = end - 1; i >= point.base; i--) {
      if (!point.isPlaced(i) && place(point, i)) {
        return false;
      }
    }
    return true;
  }

  /** Places an operation if its answer is right; whether that rules out all other ways to go on. */
  private boolean place(Configuration<S> point, int operation) {
    Operation<I, O> next = history.known(operation);
    Transition<S, O> transition = model.apply(point.state, next.input());
    observer.offered(operation, transition.output());
    if (!model.matches(next.input(), transition.output(), next.output())) {
      return false;
    }
    reach(point.place(operation, transition.state()));
    return model.changedNothing(next.input(), next.output());
  }

  private boolean canGuess(Configuration<S> point, long horizon) {
    for (int i = 0; i < history.openCount() && history.openCallOf(i) <= horizon; i++) {
      if (!point.isUsed(i)) {
        return true;
      }
    }
    return false;
  }

  private void guess(Configuration<S> point, long horizon) {
    for (int i = 0; i < history.openCount() && history.openCallOf(i) <= horizon; i++) {
      if (!point.isUsed(i)) {
        S next = model.apply(point.state, history.open(i).input()).state();
        if (!Objects.equals(point.state, next)) {
          reach(point.guess(i, next));
        }
      }
    }
  }
}
