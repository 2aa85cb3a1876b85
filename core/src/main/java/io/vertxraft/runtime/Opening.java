package io.vertxraft.runtime;

import static java.util.stream.Collectors.toSet;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertxraft.Member;
import io.vertxraft.RaftOptions;
import io.vertxraft.StateMachine;
import io.vertxraft.protocol.HardState;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.spi.StoredSnapshot;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Opens what a member needs and finds out where it stands: the newest snapshot that can be
 * read and that the log goes on from, the log, and what the state machine has kept by itself.
 *
 * <p>A crash may have come between a snapshot that was received and the log that it replaces, in
 * any order of the two: then the log is started anew here. If no snapshot fits the log, the log is
 * worth nothing, and the member has to be given everything again.
 */
final class Opening {
  /**
   * What a member comes up with.
   *
   * @param storage the group's storage, which the snapshot fits by now
   * @param context where the state machine runs
   * @param log what is in the log
   * @param commitIndex what is known to be committed
   * @param appliedIndex up to where state machine and sessions are without loading anything
   * @param stateIndex up to where the state machine alone is; the sessions catch up by the log
   * @param sessions who has asked what already, as of {@code appliedIndex}
   * @param toLoad the snapshot to be loaded, open and verified; null for none
   * @param unreadable last indexes of the snapshots that cannot be used, and why
   */
  record Opened(
      GroupStorage storage,
      Executor context,
      RecoveredLog log,
      long commitIndex,
      long appliedIndex,
      long stateIndex,
      SessionTable sessions,
      StoredSnapshot toLoad,
      Map<Long, String> unreadable) {}

  private static final long CONTEXT_CLOSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final RaftOptions options;
  private final RaftScheduler scheduler;
  private final RaftStorage raftStorage;
  private final StateMachine stateMachine;
  private final StateMachineContext stateMachineContext;
  private final Promise<Long> appliedIndex = Promise.promise();
  private final Map<Long, String> unreadable = new TreeMap<>();
  private GroupStorage storage;
  private Executor context;
  private RecoveredLog log;
  private StoredSnapshot toLoad;

  /** What kept a snapshot from being read that need not be damaged; null if nothing did. */
  private Throwable trouble;

  Opening(
      RaftOptions options,
      RaftScheduler scheduler,
      RaftStorage raftStorage,
      StateMachine stateMachine,
      StateMachineContext stateMachineContext) {
    this.options = options;
    this.scheduler = scheduler;
    this.raftStorage = raftStorage;
    this.stateMachine = stateMachine;
    this.stateMachineContext = stateMachineContext;
  }

  /** Opens everything; completes on the node's context. */
  Future<Opened> open(GroupIdentity identity) {
    return Calls.guarded(() -> raftStorage.open(identity, scheduler))
        .compose(
            opened -> {
              storage = opened;
              log = opened.recovered();
              requireHelpAgainstDamage();
              return storage.requireVoters(
                  options.getMembers().stream().map(Member::getNodeId).collect(toSet()));
            })
        .compose(ignored -> stateMachineContext.open())
        .compose(
            opened -> {
              context = opened;
              return durableAppliedIndex();
            })
        .compose(this::stand);
  }

  /** Nobody waits for the state machine any more; what else is under way is short. */
  void abandon(Throwable cause) {
    appliedIndex.tryFail(cause);
  }

  /**
   * Gives back what has been opened. A state machine that does not return from a call holds its
   * context; it is not waited for without end.
   */
  Future<Void> release() {
    Promise<Void> contextClosed = Promise.promise();
    scheduler.execute(
        () -> {
          if (toLoad != null) {
            toLoad.close();
          }
          RaftScheduler.Timer timer =
              scheduler.schedule(CONTEXT_CLOSE_NANOS, contextClosed::tryComplete);
          stateMachineContext
              .close()
              .onComplete(
                  done ->
                      scheduler.execute(
                          () -> {
                            timer.cancel();
                            contextClosed.tryComplete();
                          }));
        });
    return contextClosed
        .future()
        .compose(done -> storage == null ? Future.succeededFuture() : storage.close());
  }

  /** What the only voter has lost, nobody can give it again. */
  private void requireHelpAgainstDamage() {
    if (log.health().damaged()) {
      requireOthers(log.health().detail());
    }
  }

  private boolean isAlone() {
    return options.getMembers().size() == 1;
  }

  private void requireOthers(String detail) {
    if (isAlone()) {
      throw new StorageException(
          StorageException.Kind.CORRUPT,
          ("%s '%s' is the only member of its group, so nobody can give it again what it has lost:"
                  + " restore a backup, or start anew with an empty directory")
              .formatted(detail, options.getNodeId()));
    }
  }

  /** Asks the state machine, on its context. */
  private Future<Long> durableAppliedIndex() {
    context.execute(
        () ->
            Calls.guarded(stateMachine::durableAppliedIndex)
                .onComplete(
                    done ->
                        scheduler.execute(
                            () -> {
                              if (done.succeeded()) {
                                appliedIndex.tryComplete(done.result());
                              } else {
                                appliedIndex.tryFail(done.cause());
                              }
                            })));
    return appliedIndex.future();
  }

  private Future<Opened> stand(Long durable) {
    requireMatch(durable, Long.MAX_VALUE);
    return choose(storage.snapshots().list().iterator(), durable);
  }

  /** A log that has lost its end is the one case in which the state may be ahead of it. */
  private void requireMatch(Long durable, long last) {
    boolean behind = durable != null && durable > last && !log.health().damaged();
    if (durable != null && durable >= 0 && !behind) {
      return;
    }
    throw new IllegalStateException(
        ("the state machine says it has durably applied up to index %s, but the log ends at %d:"
                + " one of the two belongs to another member, or has lost data; start this member"
                + " with an empty state machine and, if its log was lost, under a new node id")
            .formatted(durable, log.lastIndex()));
  }

  // --- the snapshot that fits -------------------------------------------------------------------

  private Future<Opened> choose(Iterator<SnapshotManifest> candidates, long durable) {
    while (candidates.hasNext()) {
      SnapshotManifest next = candidates.next();
      boolean logGoesOn = next.lastIndex() + 1 >= log.firstIndex();
      if (logGoesOn && !unreadable.containsKey(next.lastIndex()) && isOfThisGroup(next)) {
        if (durable >= next.lastIndex() && holds(next)) {
          // The state machine has all of it, and the log too: nothing depends on it.
          requireMatch(durable, log.lastIndex());
          return Future.succeededFuture(withoutLoading(durable, next));
        }
        return Calls.guarded(() -> storage.snapshots().open(next.lastIndex()))
            .compose(
                open -> use(open, durable),
                cause -> {
                  boolean damaged =
                      cause instanceof StorageException e
                          && e.kind() == StorageException.Kind.CORRUPT;
                  trouble = damaged ? trouble : cause;
                  note(next, "cannot be read: " + cause.getMessage());
                  return choose(candidates, durable);
                });
      }
    }
    return none(durable);
  }

  private boolean isOfThisGroup(SnapshotManifest manifest) {
    boolean own =
        manifest.clusterId().equals(options.getClusterId())
            && manifest.groupId().equals(options.getGroupId());
    if (!own) {
      note(
          manifest,
          "is of group '%s' of cluster '%s'".formatted(manifest.groupId(), manifest.clusterId()));
    }
    return own;
  }

  private void note(SnapshotManifest manifest, String why) {
    unreadable.put(
        manifest.lastIndex(),
        "the snapshot that ends at index %d %s".formatted(manifest.lastIndex(), why));
  }

  /** Whether the log has the last entry of the snapshot, or goes on right after it. */
  private boolean holds(SnapshotManifest manifest) {
    long index = manifest.lastIndex();
    return index <= log.lastIndex() && termAt(index) == manifest.lastTerm();
  }

  private long termAt(long index) {
    long term = log.prevTerm();
    for (RecoveredLog.TermRun run : log.termRuns()) {
      if (run.firstIndex() <= index) {
        term = run.term();
      }
    }
    return term;
  }

  private Future<Opened> use(StoredSnapshot open, long durable) {
    SnapshotManifest manifest = open.manifest();
    long index = manifest.lastIndex();
    toLoad = open;
    requireMatch(durable, Math.max(index, log.lastIndex()));
    return fitLog(manifest)
        .compose(
            ignored -> {
              if (durable < index) {
                return Future.succeededFuture(opened(index, durable, durable, new SessionTable()));
              }
              toLoad = null;
              return open.close().otherwiseEmpty().map(closed -> withoutLoading(durable, manifest));
            });
  }

  /** Starts the log after the snapshot unless it goes on from there by itself. */
  private Future<Void> fitLog(SnapshotManifest manifest) {
    HardState before = log.hardState();
    boolean newTerm = before.term() < manifest.term();
    // Had this member voted in that term, the vote would be there.
    HardState hardState = newTerm ? new HardState(manifest.term(), null) : before;
    boolean anew = !holds(manifest);
    if (!anew && !newTerm) {
      return Future.succeededFuture();
    }
    long first = manifest.lastIndex() + 1;
    StorageWrite.LogStart start =
        anew ? new StorageWrite.LogStart(first, manifest.lastTerm()) : null;
    return storage
        .write(new StorageWrite(newTerm ? hardState : null, start, 0, List.of()))
        .map(
            written -> {
              log =
                  anew
                      ? emptyLog(hardState, first, manifest.lastTerm(), log.health())
                      : new RecoveredLog(
                          hardState,
                          log.firstIndex(),
                          log.lastIndex(),
                          log.prevTerm(),
                          log.termRuns(),
                          log.health());
              return null;
            });
  }

  private static RecoveredLog emptyLog(
      HardState hardState, long first, long prevTerm, RecoveredLog.Health health) {
    return new RecoveredLog(hardState, first, first - 1, prevTerm, List.of(), health);
  }

  private Future<Opened> none(long durable) {
    requireMatch(durable, log.lastIndex());
    // With the snapshots the sessions went, by which commands that the state lacks are judged.
    boolean stateHasAll = durable >= log.lastIndex() && isAlone();
    if (log.firstIndex() == 1 || stateHasAll) {
      long before = log.firstIndex() - 1;
      return Future.succeededFuture(
          opened(Math.min(durable, log.lastIndex()), before, durable, new SessionTable()));
    }
    String detail =
        ("the log begins at index %d, and no snapshot that ends before it or later can be read%s;"
                + " all of it has to be fetched again.")
            .formatted(log.firstIndex(), unreadable.isEmpty() ? "" : ": " + unreadable.values());
    requireOthers(detail);
    if (trouble != null) {
      // Next time it may be readable; a log that is given up is gone for ever.
      throw new StorageException(
          StorageException.Kind.IO_ERROR,
          ("the log begins at index %d and needs a snapshot, and %s: mend the disk and start again,"
                  + " or delete the snapshot to have everything fetched from the leader")
              .formatted(log.firstIndex(), unreadable.values()),
          trouble);
    }
    return storage
        .discardDamaged(detail)
        .compose(
            discarded -> {
              RecoveredLog.Health damaged =
                  new RecoveredLog.Health(RecoveredLog.Health.State.DAMAGED, detail);
              log = emptyLog(log.hardState(), 1, 0, damaged);
              // From an older snapshot there may be less to fetch.
              return choose(storage.snapshots().list().iterator(), durable);
            });
  }

  /** The state machine has its state by itself; the sessions are those of the snapshot. */
  private Opened withoutLoading(long durable, SnapshotManifest manifest) {
    return opened(
        Math.min(durable, log.lastIndex()),
        manifest.lastIndex(),
        durable,
        SessionTable.decode(manifest.sessions()));
  }

  private Opened opened(long commitIndex, long applied, long state, SessionTable sessions) {
    return new Opened(
        storage, context, log, commitIndex, applied, state, sessions, toLoad, unreadable);
  }
}
