package io.vertxraft.testkit.sim;

import io.vertxraft.testkit.linearizability.AppendListModel;
import io.vertxraft.testkit.linearizability.CheckResult;
import io.vertxraft.testkit.linearizability.CounterModel;
import io.vertxraft.testkit.linearizability.LinearizabilityChecker;
import io.vertxraft.testkit.linearizability.Operation;
import io.vertxraft.testkit.linearizability.RegisterModel;
import io.vertxraft.testkit.oracle.CommitLedger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * L1: what the clients of a run saw could have come from one copy of {@link SimStateMachine} that
 * does one command at a time.
 */
public final class Linearizability {
  private final List<Operation<RegisterModel.Input<Long>, Object>> registers = new ArrayList<>();
  private final List<Operation<AppendListModel.Input<Long>, Object>> lists = new ArrayList<>();
  private final List<Operation<CounterModel.Input, Long>> counters = new ArrayList<>();

  private Linearizability() {}

  /** Checks the clients' history. Commands without an answer may have been applied or not. */
  public static CheckResult check(List<ClientOperation> history) {
    return check(history, operation -> false);
  }

  /**
   * Checks the clients' history with help from the log, which makes it cheaper to judge.
   *
   * @param neverCommitted which of the commands without an answer certainly had no effect; not
   *     asked about others, so that an answer is never explained away
   */
  public static CheckResult check(
      List<ClientOperation> history, Predicate<ClientOperation> neverCommitted) {
    Linearizability split = new Linearizability();
    for (ClientOperation operation : history) {
      if (!operation.isLinearizable()) {
        continue;
      }
      switch (operation.outcome()) {
        case APPLIED -> split.add(operation);
        case PENDING, UNKNOWN, FATAL -> {
          if (!neverCommitted.test(operation)) {
            split.add(operation);
          }
        }
        case REJECTED -> {
          // Certainly without effect: whoever saw one anyway finds no explanation for it.
        }
      }
    }
    return new LinearizabilityChecker()
        .add(new RegisterModel<>(0L), split.registers)
        .add(new AppendListModel<>(), split.lists)
        .add(new CounterModel(), split.counters)
        .check();
  }

  /** The commands that are not among the committed ones of a run that is over. */
  public static Predicate<ClientOperation> notIn(CommitLedger ledger) {
    Set<Long> committed = new HashSet<>();
    for (long index = 1; index <= ledger.lastIndex(); index++) {
      if (ledger.isCommand(index)) {
        committed.add(ledger.payloadHashAt(index));
      }
    }
    return operation -> !committed.contains(operation.command().payloadHash());
  }

  private void add(ClientOperation operation) {
    SimCommand command = operation.command();
    SimReply reply = operation.reply();
    switch (KeyModel.of(command.key())) {
      case REGISTER -> registers.add(seen(operation, ofRegister(command), valueOf(reply)));
      case LIST -> lists.add(seen(operation, ofList(command), ofList(command, reply)));
      case COUNTER -> counters.add(seen(operation, ofCounter(command), valueOf(reply)));
    }
  }

  private static <I, O> Operation<I, O> seen(ClientOperation operation, I input, O output) {
    SimCommand command = operation.command();
    String key = Integer.toString(command.key());
    long called = operation.invokedNanos();
    return operation.reply() == null
        ? Operation.unknown(command.client(), key, input, called)
        : new Operation<>(command.client(), key, input, output, called, operation.completedNanos());
  }

  private static RegisterModel.Input<Long> ofRegister(SimCommand command) {
    return switch (command.operation()) {
      case PUT -> new RegisterModel.GetAndSet<>(command.value());
      case CAS -> new RegisterModel.CompareAndExchange<>(command.expected(), command.value());
      case GET, APPEND, ADD -> new RegisterModel.Read<>();
    };
  }

  private static AppendListModel.Input<Long> ofList(SimCommand command) {
    return command.operation() == SimCommand.Operation.APPEND
        ? new AppendListModel.Append<>(command.value())
        : new AppendListModel.Read<>();
  }

  private static CounterModel.Input ofCounter(SimCommand command) {
    return command.operation() == SimCommand.Operation.ADD
        ? new CounterModel.Add(command.value())
        : new CounterModel.Read();
  }

  private static Long valueOf(SimReply reply) {
    return reply == null ? null : (Long) reply.value();
  }

  private static Object ofList(SimCommand command, SimReply reply) {
    if (reply == null) {
      return null;
    }
    return command.operation() == SimCommand.Operation.APPEND
        ? (Object) (int) reply.value()
        : reply.elements();
  }
}
