package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.Command;
import io.vertxraft.RaftOptions;
import io.vertxraft.RaftStage;
import io.vertxraft.StageStatus;
import io.vertxraft.StateMachine;
import io.vertxraft.consensus.Choice;
import io.vertxraft.consensus.LogView;
import io.vertxraft.consensus.Mark;
import io.vertxraft.consensus.Probe;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftScheduler;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Feeds committed entries to the state machine: contiguous, in order, one batch at a time. What
 * commits while a batch is applied forms the next one. Between two batches the state machine
 * may be visited, and its state be replaced by that of a snapshot.
 */
final class Applier {
  /** What the node does with the results. */
  interface Listener extends CommittedBatch.Listener {
    /** Everything up to {@code index} is applied; called after the replies of the batch. */
    void applied(long index);

    /** The state is that of the snapshot that ends at {@code index}. */
    void restored(long index);

    /** Nothing more will be applied. */
    void failed(Throwable cause);
  }

  /** A call that needs the state as it is between two batches. */
  interface Visit {
    /** Everything up to {@code index} is applied and nothing else is; on the node's context. */
    void begin(long index);

    /** On the state machine's context. The next batch waits until this returns. */
    void call();

    /** The call has returned; on the node's context. */
    void returned();
  }

  /** Replaces the state of the state machine by that of the snapshot that ends at an index. */
  interface Loader {
    /**
     * Completes once, on the node's context, whatever the state machine does, with the sessions as
     * of the snapshot.
     *
     * @param stateToo whether the state machine needs the state; if it is ahead already, the
     *     sessions alone are taken
     */
    Future<SessionTable> load(long index, boolean stateToo);
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
  private final Loader loader;
  private final LogSizes sizes;
  private final boolean tellsSessionEnds;
  private SessionTable sessions;
  private final Repeats repeats;
  private final StageMeter meter = new StageMeter(RaftStage.STATE_MACHINE);
  private boolean queriesScheduled;
  private long commitIndex;

  /** Up to where the state machine has its state by itself; the session table may be behind. */
  private long stateIndex;

  private long appliedIndex;
  private long commandsApplied;
  private boolean busy;

  /** Bytes of the batch under way, 0 if none is, and since when it is. */
  private long batchBytes;

  private long batchSince;
  private boolean stopped;
  private Visit visit;

  /** Last index of the snapshot to be loaded before anything else is applied; 0 for none. */
  private long restoreIndex;

  /** Rises when entries that are being read are not to be applied any more. */
  private long readEpoch;

  private boolean reading;

  Applier(MemberParts parts, Opening.Opened opened, Loader loader, Listener listener) {
    this.scheduler = parts.scheduler();
    this.stateMachineContext = parts.stateMachineContext();
    this.stateMachine = parts.stateMachine();
    this.storage = parts.storage();
    this.log = parts.core().log();
    this.options = parts.options();
    this.probe = parts.probe();
    this.listener = listener;
    this.loader = loader;
    this.tellsSessionEnds = stateMachine.wantsSessionEnds();
    this.appliedIndex = opened.appliedIndex();
    this.stateIndex = opened.stateIndex();
    this.sessions = opened.sessions();
    this.sizes = new LogSizes(appliedIndex);
    this.repeats = new Repeats(appliedIndex + 1);
    this.queries = new Queries(scheduler, stateMachineContext, stateMachine);
    this.commitIndex = appliedIndex;
  }

  /** Who has asked what already, as of what is applied; between two batches only. */
  SessionTable sessions() {
    return sessions;
  }

  /** Which applied commands had no effect. */
  Repeats repeats() {
    return repeats;
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

  long appliedIndex() {
    return appliedIndex;
  }

  /** The bytes of what was applied. */
  LogSizes sizes() {
    return sizes;
  }

  /** What is committed and not applied yet. */
  StageStatus describe(long now) {
    return meter.describe(
        commitIndex - appliedIndex, batchBytes, batchBytes == 0 ? 0 : now - batchSince, now);
  }

  /** Entries up to {@code index} may be applied. */
  void commit(long index) {
    commitIndex = Math.max(commitIndex, index);
    next();
  }

  /**
   * Takes the state of the snapshot that ends at {@code index} in place of every entry up to there
   * that is not applied yet: none of them will be, not even if it is being read already. A state
   * that has seen as much stays.
   */
  void restore(long index) {
    if (index <= appliedIndex) {
      listener.restored(index);
      return;
    }
    if (index <= restoreIndex) {
      return;
    }
    restoreIndex = index;
    commitIndex = Math.max(commitIndex, index);
    if (reading) {
      // What is read may be gone from the log by now, and be part of another one.
      reading = false;
      busy = false;
      readEpoch++;
    }
    next();
  }

  /** Whether the state is being replaced by that of a snapshot. */
  boolean isLoading() {
    return restoreIndex > appliedIndex;
  }

  /** Last index of the snapshot being loaded, 0 if none is. */
  long loadingIndex() {
    return isLoading() ? restoreIndex : 0;
  }

  /** Calls as soon as no batch is under way; one visit at a time. */
  void visit(Visit newVisit) {
    visit = newVisit;
    next();
  }

  /** The visit is not wanted any more, unless it has begun. */
  void forget(Visit unwanted) {
    if (visit == unwanted) {
      visit = null;
    }
  }

  /** Applies nothing more; what the state machine is doing now is not waited for. */
  void stop() {
    stopped = true;
  }

  private void next() {
    if (busy || stopped) {
      return;
    }
    if (isLoading()) {
      load(restoreIndex);
    } else if (visit != null && appliedIndex >= stateIndex) {
      pay(visit);
    } else if (appliedIndex < commitIndex) {
      applyNext();
    }
  }

  private void load(long index) {
    busy = true;
    loader
        .load(index, index > stateIndex)
        .onComplete(done -> loaded(index, done.result(), done.cause()));
  }

  private void loaded(long index, SessionTable table, Throwable cause) {
    if (stopped) {
      return;
    }
    if (cause != null) {
      fail(cause);
      return;
    }
    guarded(
        () -> {
          appliedIndex = index;
          stateIndex = Math.max(stateIndex, index);
          sessions = table;
          repeats.restart(index + 1);
          sizes.restart(index);
          busy = false;
          listener.restored(index);
          runQueries();
          next();
        });
  }

  private void pay(Visit due) {
    visit = null;
    busy = true;
    due.begin(appliedIndex);
    stateMachineContext.execute(
        () -> {
          due.call();
          scheduler.execute(() -> guarded(() -> paid(due)));
        });
  }

  private void paid(Visit due) {
    if (!stopped) {
      busy = false;
      due.returned();
      runQueries();
      next();
    }
  }

  private void applyNext() {
    busy = true;
    long from = appliedIndex + 1;
    int batchMax = probe.chooses(Choice.APPLY_ONE_ENTRY) ? 1 : options.getApplyEntriesMax();
    int entriesMax = (int) Math.min(batchMax, commitIndex - appliedIndex);
    List<LogEntry> cached = log.cachedFrom(from, entriesMax, options.getApplyBytesMax());
    if (cached.isEmpty()) {
      probe.reached(Mark.APPLY_LOADED);
      reading = true;
      long epoch = readEpoch;
      // What has left memory is durable; what follows it may not be yet, and is still in memory.
      storage
          .read(
              from, Math.min(from + entriesMax - 1, log.durableIndex()), options.getApplyBytesMax())
          .onComplete(done -> read(epoch, done.result(), done.cause()));
    } else {
      apply(cached);
    }
  }

  private void read(long epoch, List<LogEntry> entries, Throwable cause) {
    if (epoch != readEpoch) {
      return;
    }
    reading = false;
    if (cause == null) {
      guarded(() -> apply(entries));
    } else {
      fail(cause);
    }
  }

  /** Called by a future, which would swallow what is thrown. */
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
    CommittedBatch batch = new CommittedBatch(entries, sessions, stateIndex, tellsSessionEnds);
    sizes.add(batch.lastIndex(), batch.bytes());
    meter.batch(entries.size());
    batchBytes = batch.bytes();
    batchSince = scheduler.nanoTime();
    if (batch.commands().isEmpty()) {
      // Through the context all the same: a turn may not re-enter itself.
      scheduler.execute(() -> guarded(() -> applied(batch, List.of())));
      return;
    }
    stateMachineContext.execute(
        () ->
            callStateMachine(batch.commands())
                .onComplete(
                    result ->
                        scheduler.execute(
                            () -> {
                              if (result.succeeded()) {
                                guarded(() -> applied(batch, result.result()));
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

  private void applied(CommittedBatch batch, List<Buffer> replies) {
    if (stopped) {
      return;
    }
    int commands = batch.commands().size();
    if (replies == null || replies.size() != commands) {
      fail(
          new IllegalStateException(
              "StateMachine.apply gave %s replies to %d commands"
                  .formatted(replies == null ? "no" : replies.size(), commands)));
      return;
    }
    appliedIndex = batch.lastIndex();
    batchBytes = 0;
    long now = scheduler.nanoTime();
    meter.left(now - batchSince, now);
    commandsApplied += commands;
    batch.withoutEffect().forEach(repeats::add);
    batch.settle(replies, listener);
    busy = false;
    listener.applied(appliedIndex);
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
