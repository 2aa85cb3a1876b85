package io.vertxraft.testkit.linearizability;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Where a history that is not linearizable goes wrong: the first answer that nothing explains, the
 * operations around it, and what it should have been.
 *
 * @param culprit the operation with that answer
 * @param expected answers that would have been right; empty if no answer would, or none was found
 * @param states what the key can have held when {@code window} began; a few of them if many
 * @param before operations with an answer that were over by then
 * @param window operations with an answer from the last instant before the culprit at which none
 *     was under way
 * @param open operations that may have changed the key, and had no answer when the culprit returned
 */
record Counterexample<S, I, O>(
    Operation<I, O> culprit,
    List<O> expected,
    List<S> states,
    List<Operation<I, O>> before,
    List<Operation<I, O>> window,
    List<Operation<I, O>> open) {
  private static final int ALTERNATIVES_MAX = 8;

  /** Looks for it in operations that are known not to be linearizable. */
  static <S, I, O> Counterexample<S, I, O> find(
      Model<S, I, O> model, List<Operation<I, O>> operations, long budget) {
    return new Finder<>(model, operations, budget).find();
  }

  private static final class Finder<S, I, O> {
    private final Model<S, I, O> model;
    private final List<Operation<I, O>> operations;
    private final List<Operation<I, O>> byReturn;
    private final long budget;

    Finder(Model<S, I, O> model, List<Operation<I, O>> operations, long budget) {
      this.model = model;
      this.operations = operations;
      this.byReturn =
          operations.stream()
              .filter(Operation::isKnown)
              .sorted(Comparator.<Operation<I, O>>comparingLong(Operation::returnNanos))
              .toList();
      this.budget = budget;
    }

    Counterexample<S, I, O> find() {
      int answers = shortestBadPrefix();
      Operation<I, O> culprit = byReturn.get(answers - 1);
      KeyHistory<I, O> prefix = new KeyHistory<>(model, prefix(answers));
      List<Operation<I, O>> known = prefix.known();
      int cut = lastQuietStart(known, culprit);
      List<Operation<I, O>> before = known.subList(0, cut);
      return new Counterexample<>(
          culprit,
          expectedOf(culprit, answers),
          statesAfter(before, prefix.open(), known.get(cut).callNanos()),
          before,
          known.subList(cut, known.size()),
          openAt(culprit.returnNanos(), known));
    }

    /**
     * How many answers, in the order they came, it takes until no order explains them: what is
     * explained stays so with fewer answers, so that halving finds it.
     */
    private int shortestBadPrefix() {
      int good = 0;
      int bad = byReturn.size();
      while (good + 1 < bad) {
        int middle = (good + bad) >>> 1;
        Search<S, I, O> search = new Search<>(model, new KeyHistory<>(model, prefix(middle)));
        if (search.run(budget) == Verdict.NOT_LINEARIZABLE) {
          bad = middle;
        } else {
          good = middle;
        }
      }
      return bad;
    }

    /** What was known when so many answers had come. */
    private List<Operation<I, O>> prefix(int answers) {
      Operation<I, O> last = byReturn.get(answers - 1);
      List<Operation<I, O>> prefix = new ArrayList<>(byReturn.subList(0, answers));
      for (Operation<I, O> later : byReturn.subList(answers, byReturn.size())) {
        if (later.callNanos() <= last.returnNanos()) {
          prefix.add(later.withoutAnswer());
        }
      }
      for (Operation<I, O> operation : operations) {
        if (!operation.isKnown() && operation.callNanos() <= last.returnNanos()) {
          prefix.add(operation);
        }
      }
      return prefix;
    }

    private List<Operation<I, O>> openAt(long nanos, List<Operation<I, O>> answered) {
      return operations.stream()
          .filter(operation -> operation.callNanos() <= nanos && operation.returnNanos() >= nanos)
          .filter(operation -> !answered.contains(operation))
          .filter(operation -> !model.isReadOnly(operation.input()))
          .sorted(Comparator.<Operation<I, O>>comparingLong(Operation::callNanos))
          .toList();
    }

    private int lastQuietStart(List<Operation<I, O>> known, Operation<I, O> culprit) {
      int start = 0;
      long lastReturn = Long.MIN_VALUE;
      for (int i = 0; i < known.size() && known.get(i).callNanos() <= culprit.callNanos(); i++) {
        if (lastReturn < known.get(i).callNanos()) {
          start = i;
        }
        lastReturn = Math.max(lastReturn, known.get(i).returnNanos());
      }
      return start;
    }

    private List<S> statesAfter(
        List<Operation<I, O>> before, List<Operation<I, O>> open, long nanos) {
      List<Operation<I, O>> past = new ArrayList<>(before);
      open.stream().filter(operation -> operation.callNanos() < nanos).forEach(past::add);
      List<S> states = new ArrayList<>();
      Search.Observer<S, O> collector =
          new Search.Observer<>() {
            @Override
            public boolean completed(S state) {
              addDistinct(states, state);
              return states.size() == ALTERNATIVES_MAX;
            }
          };
      new Search<>(model, new KeyHistory<>(model, past), collector).run(budget);
      return states;
    }

    private List<O> expectedOf(Operation<I, O> culprit, int answers) {
      KeyHistory<I, O> prefix = new KeyHistory<>(model, prefix(answers));
      List<O> offers = new ArrayList<>();
      Search.Observer<S, O> collector =
          new Search.Observer<>() {
            @Override
            public void offered(int operation, O expected) {
              if (prefix.known(operation) == culprit && offers.size() < ALTERNATIVES_MAX) {
                addDistinct(offers, expected);
              }
            }
          };
      new Search<>(model, prefix, collector).run(budget);
      offers.removeIf(offer -> !wouldDo(culprit, offer, answers));
      return offers;
    }

    private boolean wouldDo(Operation<I, O> culprit, O offer, int answers) {
      List<Operation<I, O>> corrected = prefix(answers);
      corrected.set(corrected.indexOf(culprit), culprit.answering(offer));
      return new Search<>(model, new KeyHistory<>(model, corrected)).run(budget)
          == Verdict.LINEARIZABLE;
    }

    private static <T> void addDistinct(List<T> list, T value) {
      if (list.stream().noneMatch(other -> Objects.equals(other, value))) {
        list.add(value);
      }
    }
  }
}
