package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.RaftOptions;
import io.vertxraft.StateMachine;
import io.vertxraft.consensus.Choice;
import io.vertxraft.consensus.LogView;
import io.vertxraft.consensus.Mark;
import io.vertxraft.consensus.Probe;
import io.vertxraft.protocol.EntryType;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Feeds committed entries to the state machine: contiguous, in order, one batch at a time. What
 * commits while a batch is applied forms the next one.
 */
final class Applier {
  /** What the node does with the results. */
  interface Listener {
    /** Everything up to {@code index} is applied; called after the replies of the batch. */
    void applied(long index);

    /** The state machine has answered a command. */
    void replied(Command command, Buffer reply);

    /** Nothing more will be applied. */
    void failed(Throwable cause);
  }

  private final RaftScheduler scheduler;
  private final Executor stateMachineContext;
  private final StateMachine stateMachine;
  private final GroupStorage storage;
  private final LogView log;
  private final RaftOptions options;
  private final Probe probe;
  private final Listener listener;
  private final Queries queries;
  private boolean queriesScheduled;
  private long commitIndex;
  private long appliedIndex;
  private long commandsApplied;
  private boolean busy;
  private boolean stopped;

  Applier(
      RaftScheduler scheduler,
      Executor stateMachineContext,
      StateMachine stateMachine,
      GroupStorage storage,
      LogView log,
      long appliedIndex,
      RaftOptions options,
      Probe probe,
      Listener listener) {
    this.scheduler = scheduler;
    this.stateMachineContext = stateMachineContext;
    this.stateMachine = stateMachine;
    this.storage = storage;
    this.log = log;
    this.options = options;
    this.probe = probe;
    this.listener = listener;
    this.queries = new Queries(scheduler, stateMachineContext, stateMachine);
    this.commitIndex = appliedIndex;
    this.appliedIndex = appliedIndex;
  }

  Queries queries() {
    return queries;
  }

  /** Puts a read to the state machine when that has applied {@code index}. */
  void query(long index, Read read) {
    queries.add(index, read);
    if (!queriesScheduled) {
      queriesScheduled = true;
      // What else this turn brings goes along.
      scheduler.execute(this::runQueries);
    }
  }

  /** Between two batches only: a batch may take effect over some time. */
  private void runQueries() {
    queriesScheduled = false;
    if (!busy && !stopped) {
      queries.run(appliedIndex);
    }
  }

  long commandsApplied() {
    return commandsApplied;
  }

  /** Entries up to {@code index} may be applied. */
  void commit(long index) {
    commitIndex = index;
    next();
  }

  /** Applies nothing more; what the state machine is doing now is not waited for. */
  void stop() {
    stopped = true;
  }

  private void next() {
    if (busy || stopped || appliedIndex >= commitIndex) {
      return;
    }
    busy = true;
    long from = appliedIndex + 1;
    int batchMax = probe.chooses(Choice.APPLY_ONE_ENTRY) ? 1 : options.getApplyEntriesMax();
    int entriesMax = (int) Math.min(batchMax, commitIndex - appliedIndex);
    List<LogEntry> cached = log.cachedFrom(from, entriesMax, options.getApplyBytesMax());
    if (cached.isEmpty()) {
      probe.reached(Mark.APPLY_LOADED);
      // What has left memory is durable; what follows it may not be yet, and is still in memory.
      storage
          .read(
              from, Math.min(from + entriesMax - 1, log.durableIndex()), options.getApplyBytesMax())
          .onComplete(this::applyGuarded, this::fail);
    } else {
      apply(cached);
    }
  }

  /** Called by a future, which would swallow what is thrown. */
  private void applyGuarded(List<LogEntry> entries) {
    guarded(() -> apply(entries));
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (Throwable t) {
      fail(t);
    }
  }

  private void apply(List<LogEntry> entries) {
    if (stopped) {
      return;
    }
    List<Command> commands = new ArrayList<>(entries.size());
    for (LogEntry entry : entries) {
      if (entry.type() == EntryType.COMMAND) {
        commands.add(new Command(entry));
      }
    }
    long upTo = entries.get(entries.size() - 1).index();
    if (commands.isEmpty()) {
      // Through the context all the same: a turn may not re-enter itself.
      scheduler.execute(() -> guarded(() -> applied(upTo, commands, List.of())));
      return;
    }
    stateMachineContext.execute(
        () ->
            callStateMachine(commands)
                .onComplete(
                    result ->
                        scheduler.execute(
                            () -> {
                              if (result.succeeded()) {
                                guarded(() -> applied(upTo, commands, result.result()));
                              } else {
                                fail(result.cause());
                              }
                            })));
  }

  private Future<List<Buffer>> callStateMachine(List<Command> commands) {
    try {
      return Objects.requireNonNull(
          stateMachine.apply(commands), "StateMachine.apply returned null instead of a future");
    } catch (Throwable t) {
      return Future.failedFuture(t);
    }
  }

  private void applied(long upTo, List<Command> commands, List<Buffer> replies) {
    if (stopped) {
      return;
    }
    if (replies == null || replies.size() != commands.size()) {
      fail(
          new IllegalStateException(
              "StateMachine.apply gave %s replies to %d commands"
                  .formatted(replies == null ? "no" : replies.size(), commands.size())));
      return;
    }
    appliedIndex = upTo;
    commandsApplied += commands.size();
    for (int i = 0; i < commands.size(); i++) {
      listener.replied(commands.get(i), replies.get(i));
    }
    busy = false;
    listener.applied(upTo);
    runQueries();
    next();
  }

  private void fail(Throwable cause) {
    if (!stopped) {
      stopped = true;
      listener.failed(cause);
    }
  }
}
