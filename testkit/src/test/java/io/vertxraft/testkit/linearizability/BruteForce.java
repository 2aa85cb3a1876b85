package io.vertxraft.testkit.linearizability;

import java.util.ArrayList;
import java.util.List;

/** Tries every order of every choice of operations: slow, and too simple to be wrong. */
final class BruteForce {
  private BruteForce() {}

  static <S, I, O> boolean isLinearizable(Model<S, I, O> model, List<Operation<I, O>> operations) {
    return canComplete(model, operations, new ArrayList<>());
  }

  private static <S, I, O> boolean canComplete(
      Model<S, I, O> model, List<Operation<I, O>> operations, List<Operation<I, O>> order) {
    if (!explains(model, order) || !respectsTime(order)) {
      return false;
    }
    List<Operation<I, O>> missing = operations.stream().filter(op -> !isIn(order, op)).toList();
    if (missing.stream().noneMatch(Operation::isKnown)) {
      return true;
    }
    for (Operation<I, O> next : missing) {
      order.add(next);
      boolean can = canComplete(model, operations, order);
      order.remove(order.size() - 1);
      if (can) {
        return true;
      }
    }
    return false;
  }

  private static <I, O> boolean isIn(List<Operation<I, O>> order, Operation<I, O> operation) {
    return order.stream().anyMatch(other -> other == operation);
  }

  private static <S, I, O> boolean explains(Model<S, I, O> model, List<Operation<I, O>> order) {
    S state = model.initial();
    for (Operation<I, O> next : order) {
      Transition<S, O> transition = model.apply(state, next.input());
      if (next.isKnown() && !model.matches(next.input(), transition.output(), next.output())) {
        return false;
      }
      state = transition.state();
    }
    return true;
  }

  private static <I, O> boolean respectsTime(List<Operation<I, O>> order) {
    for (int i = 0; i < order.size(); i++) {
      for (int j = i + 1; j < order.size(); j++) {
        if (order.get(j).returnNanos() < order.get(i).callNanos()) {
          return false;
        }
      }
    }
    return true;
  }
}
