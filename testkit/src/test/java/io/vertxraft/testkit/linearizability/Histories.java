package io.vertxraft.testkit.linearizability;

import io.vertxraft.testkit.linearizability.AppendListModel.Append;
import io.vertxraft.testkit.linearizability.CounterModel.Add;
import io.vertxraft.testkit.linearizability.RegisterModel.CompareAndExchange;
import io.vertxraft.testkit.linearizability.RegisterModel.CompareAndSet;
import io.vertxraft.testkit.linearizability.RegisterModel.GetAndSet;
import io.vertxraft.testkit.linearizability.RegisterModel.Read;
import io.vertxraft.testkit.linearizability.RegisterModel.Write;
import io.vertxraft.testkit.sim.SimRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Draws histories from executions that really were linearizable. */
final class Histories {
  private Histories() {}

  /** What an execution is like; times are in units of the mean gap between two operations. */
  record Shape(int operations, int clients, long spread, double unknown) {}

  /**
   * Operations take effect one after the other; each client sees its operation begin some time
   * before and end some time after, and waits for the end before it begins another. An operation of
   * unknown outcome takes effect or does not.
   */
  static <S, I, O> List<Operation<I, O>> draw(
      Model<S, I, O> model, Function<SimRandom, I> inputs, Shape shape, SimRandom random) {
    List<Operation<I, O>> history = new ArrayList<>();
    long[] freeAt = new long[shape.clients];
    S state = model.initial();
    for (int i = 0; i < shape.operations; i++) {
      long effect = (i + 1) * 10L;
      int client = (int) random.below(shape.clients);
      if (freeAt[client] > effect) {
        continue;
      }
      long call = Math.max(freeAt[client], effect - random.below(10 * shape.spread + 1));
      I input = inputs.apply(random);
      Transition<S, O> transition = model.apply(state, input);
      if (random.chance(shape.unknown)) {
        history.add(Operation.unknown(client, "k", input, call));
        state = random.chance(0.5) ? transition.state() : state;
        continue;
      }
      long end = effect + random.below(10 * shape.spread + 1);
      history.add(new Operation<>(client, "k", input, transition.output(), call, end));
      freeAt[client] = end + 1;
      state = transition.state();
    }
    return history;
  }

  /** Operations on a register, with values that do not repeat. */
  static Function<SimRandom, RegisterModel.Input<Long>> registerInputs() {
    long[] last = {0};
    return random -> {
      long guess = Math.max(0, last[0] - random.below(4));
      return switch ((int) random.below(6)) {
        case 0 -> new Write<>(++last[0]);
        case 1 -> new GetAndSet<>(++last[0]);
        case 2 -> new CompareAndSet<>(guess == 0 ? null : guess, ++last[0]);
        case 3 -> new CompareAndExchange<>(guess == 0 ? null : guess, ++last[0]);
        default -> new Read<>();
      };
    };
  }

  /** Operations on a register of few values, so that many orders explain the same. */
  static Function<SimRandom, RegisterModel.Input<Long>> crowdedRegisterInputs() {
    return random ->
        switch ((int) random.below(4)) {
          case 0 -> new Write<>(random.below(3));
          case 1 -> new CompareAndSet<>(random.below(3), random.below(3));
          case 2 -> new GetAndSet<>(random.below(3));
          default -> new Read<>();
        };
  }

  static Function<SimRandom, AppendListModel.Input<Long>> listInputs() {
    long[] last = {0};
    return random -> random.chance(0.5) ? new Append<>(++last[0]) : new AppendListModel.Read<>();
  }

  static Function<SimRandom, CounterModel.Input> counterInputs() {
    return random -> random.chance(0.5) ? new Add(1 + random.below(5)) : new CounterModel.Read();
  }
}
