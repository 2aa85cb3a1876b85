package io.vertxraft.leveldb;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.RecoveredLog.TermRun;
import io.vertxraft.spi.Room;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageWrite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One group of a {@link LevelDbStorage}. Confined to the group's context, but for the few members
 * that say otherwise: what a write changes is worked out here, the writer thread only carries it
 * out.
 */
final class LevelDbGroup implements GroupStorage {
  private static final System.Logger LOG = System.getLogger(LevelDbGroup.class.getName());

  private final LevelDbStorage storage;
  private final GroupState state;
  private final String groupId;
  private final int number;
  private final Executor context;
  private final RecoveredLog recovered;
  private final Database.Records records;
  private final ArrayList<TermRun> termRuns;
  private final ArrayDeque<WriteJob> removals = new ArrayDeque<>();
  private final GroupSnapshots snapshots;

  /** Used by the reader thread only: a codec is confined to one thread. */
  private final EntryCodec codec;

  /** State after the last change that was queued. */
  private GroupMeta queued;

  /** Last entry that may be read: durable, and not about to be removed. */
  private long readableLast;

  /** How often entries were removed; lets the reader tell a late read from damage. */
  private volatile long removalCount;

  /** Why this handle takes no more changes; confined to the writer thread. */
  private StorageException refusal;

  private Consumer<Room> roomHandler = room -> {};
  private Future<Void> closed;

  /** Last entry that is in the database; written by the writer thread. */
  private volatile long settledLast;

  /**
   * A group.
   *
   * @param state confined to the writer thread, of which it is read only what never changes
   * @param meta as in the database now, which has all that was written
   */
  LevelDbGroup(
      LevelDbStorage storage,
      Database.Records records,
      GroupState state,
      GroupMeta meta,
      RecoveredLog recovered,
      GroupSnapshots snapshots,
      Executor context) {
    this.storage = storage;
    this.records = records;
    this.state = state;
    this.groupId = state.groupId;
    this.number = state.number;
    this.context = context;
    this.recovered = recovered;
    this.snapshots = snapshots;
    this.codec = new EntryCodec(groupId);
    this.queued = meta;
    this.readableLast = queued.last();
    this.settledLast = queued.last();
    this.termRuns = new ArrayList<>(recovered.termRuns());
  }

  /** On the writer thread. */
  GroupState state() {
    return state;
  }

  /** From any thread. */
  String groupId() {
    return groupId;
  }

  /** Why no more changes are taken, or null. On the writer thread. */
  StorageException refusal() {
    return refusal;
  }

  /** A change was refused, so that this handle has gone ahead of the disk. On the writer thread. */
  void refuse(StorageException cause) {
    refusal = cause;
  }

  /** All entries up to {@code last} are in the database. On the writer thread. */
  void settled(long last) {
    settledLast = last;
  }

  @Override
  public RecoveredLog recovered() {
    return recovered;
  }

  @Override
  public Future<Void> requireVoters(Set<String> voters) {
    return closed != null
        ? Future.failedFuture(storage.closedFailure())
        : storage.requireVoters(groupId, Set.copyOf(voters), context);
  }

  @Override
  public Future<Void> write(StorageWrite write) {
    if (closed != null) {
      return Future.failedFuture(storage.closedFailure());
    }
    WriteJob job;
    try {
      job = plan(write);
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
    return submit(job, () -> updateTermRuns(write));
  }

  private Future<Void> submit(WriteJob job, Runnable updateTerms) {
    updateTerms.run();
    long removedFrom = removedFrom(job);
    if (removedFrom <= queued.last()) {
      removals.add(job);
      readableLast = Math.min(readableLast, removedFrom - 1);
    }
    if (removedFrom <= queued.last() || job.meta().first() > queued.first()) {
      removalCount++;
    }
    queued = job.meta();
    // Last, for it may be done before this returns; if it is refused, so is everything after.
    return storage.enqueue(job)
        ? job.promise().future()
        : Future.failedFuture(storage.closedFailure());
  }

  /** First index that a change takes off the end of the log. */
  private static long removedFrom(WriteJob job) {
    if (job.discardsLog()) {
      return 0;
    }
    return job.truncateFrom() == 0 ? Long.MAX_VALUE : job.truncateFrom();
  }

  /** Checks a write against what is queued before it, and works out what it changes. */
  private WriteJob plan(StorageWrite write) {
    HardState hardState = write.hardState() == null ? queued.hardState() : write.hardState();
    requireHardState(hardState);
    long first = queued.first();
    long prevTerm = queued.prevTerm();
    long last = queued.last();
    long lastTerm = queued.lastTerm();
    long from = write.truncateFrom();
    if (write.newStart() != null) {
      first = write.newStart().firstIndex();
      prevTerm = write.newStart().prevTerm();
      last = first - 1;
      lastTerm = prevTerm;
    } else if (from != 0) {
      if (from < first || from > last + 1) {
        throw refused("truncateFrom %d is not in the log %d to %d".formatted(from, first, last));
      }
      last = from - 1;
      lastTerm = termAt(last);
    }
    long bytes = GroupMeta.FIXED_BYTES;
    for (LogEntry entry : write.entries()) {
      if (entry.index() != last + 1 || entry.term() < lastTerm) {
        throw refused(
            "entry %d of term %d does not follow entry %d of term %d"
                .formatted(entry.index(), entry.term(), last, lastTerm));
      }
      last = entry.index();
      lastTerm = entry.term();
      bytes += Keys.BYTES + Runs.LENGTH_BYTES + entry.encodedBytes();
    }
    boolean appendsOnly =
        write.newStart() == null
            && from == 0
            && hardState.equals(queued.hardState())
            && !write.entries().isEmpty();
    GroupMeta meta =
        appendsOnly
            ? queued.grown(last, lastTerm)
            : queued.next(hardState, first, last, lastTerm, prevTerm, queued.damaged());
    return new WriteJob(
        this, meta, write.newStart() != null, from, write.entries(), bytes, Promise.promise());
  }

  private void requireHardState(HardState hardState) {
    if (hardState.term() < queued.hardState().term()) {
      throw refused("term %d is before %d".formatted(hardState.term(), queued.hardState().term()));
    }
    String vote = hardState.votedFor();
    if (vote != null && vote.getBytes(StandardCharsets.UTF_8).length > Watermark.ID_BYTES_MAX) {
      throw refused(
          "votedFor '%s' has more than %d bytes: use a node id"
              .formatted(vote, Watermark.ID_BYTES_MAX));
    }
  }

  @Override
  public Future<Void> truncatePrefix(long firstIndex) {
    if (closed != null) {
      return Future.failedFuture(storage.closedFailure());
    }
    if (firstIndex > queued.last() + 1) {
      return Future.failedFuture(
          refused("the log ends at %d, before index %d".formatted(queued.last(), firstIndex)));
    }
    long first = Math.max(queued.first(), firstIndex);
    GroupMeta meta =
        queued.next(
            queued.hardState(),
            first,
            queued.last(),
            queued.lastTerm(),
            termAt(first - 1),
            queued.damaged());
    return submit(change(meta), () -> forgetTermsBefore(first));
  }

  @Override
  public Future<Void> healed() {
    if (closed != null) {
      return Future.failedFuture(storage.closedFailure());
    }
    GroupMeta meta =
        queued.next(
            queued.hardState(),
            queued.first(),
            queued.last(),
            queued.lastTerm(),
            queued.prevTerm(),
            false);
    return submit(change(meta), () -> {});
  }

  @Override
  public Future<Void> discardDamaged(String detail) {
    if (closed != null) {
      return Future.failedFuture(storage.closedFailure());
    }
    LOG.log(
        System.Logger.Level.ERROR,
        "group ''{0}'' in ''{1}'' gives up its log: {2}",
        groupId,
        storage.home(),
        detail);
    GroupMeta meta = queued.next(queued.hardState(), 1, 0, 0, 0, true);
    WriteJob job =
        new WriteJob(this, meta, true, 0, List.of(), GroupMeta.FIXED_BYTES, Promise.promise());
    return submit(job, termRuns::clear);
  }

  @Override
  public SnapshotStorage snapshots() {
    return snapshots;
  }

  /** A change of the meta record alone. */
  private WriteJob change(GroupMeta meta) {
    return new WriteJob(this, meta, false, 0, List.of(), GroupMeta.FIXED_BYTES, Promise.promise());
  }

  private long termAt(long index) {
    if (index < queued.first()) {
      return queued.prevTerm();
    }
    return GroupCheck.termAt(termRuns, index);
  }

  private void forgetTermsBefore(long first) {
    while (!termRuns.isEmpty()
        && first > (termRuns.size() > 1 ? termRuns.get(1).firstIndex() - 1 : queued.last())) {
      termRuns.remove(0);
    }
  }

  private void updateTermRuns(StorageWrite write) {
    if (write.newStart() != null) {
      termRuns.clear();
    }
    long from = write.truncateFrom();
    while (from != 0
        && !termRuns.isEmpty()
        && termRuns.get(termRuns.size() - 1).firstIndex() >= from) {
      termRuns.remove(termRuns.size() - 1);
    }
    for (LogEntry entry : write.entries()) {
      if (termRuns.isEmpty() || termRuns.get(termRuns.size() - 1).term() != entry.term()) {
        termRuns.add(new TermRun(entry.index(), entry.term()));
      }
    }
  }

  private IllegalArgumentException refused(String why) {
    return new IllegalArgumentException(
        "group '%s': write refused, nothing changed: %s".formatted(groupId, why));
  }

  /**
   * Completes the writes of one batch, in order, in one task on the context. Called on the writer
   * thread.
   */
  void complete(List<WriteJob> jobs, StorageException failure) {
    onContext(() -> completeOnContext(jobs, failure));
  }

  private void completeOnContext(List<WriteJob> jobs, StorageException failure) {
    Throwable thrown = null;
    for (WriteJob job : jobs) {
      if (removals.peek() == job) {
        removals.poll();
      }
      try {
        if (failure != null) {
          job.promise().fail(failure);
        } else {
          readableLast = readableLast(job.meta().last());
          job.promise().complete();
        }
      } catch (Throwable e) {
        // A listener's mistake must not keep the other writes from completing.
        thrown = thrown == null ? e : thrown;
      }
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown != null) {
      throw thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
    }
  }

  private long readableLast(long durableLast) {
    long last = durableLast;
    for (WriteJob removal : removals) {
      last = Math.min(last, removedFrom(removal) - 1);
    }
    return last;
  }

  @Override
  public Future<List<LogEntry>> read(long fromIndex, long toIndex, long bytesMax) {
    if (closed != null) {
      return Future.failedFuture(storage.closedFailure());
    }
    if (fromIndex < queued.first() || toIndex < fromIndex || toIndex > readableLast) {
      return Future.failedFuture(
          new IllegalArgumentException(
              "group '%s': entries %d to %d are not within the durable log %d to %d"
                  .formatted(groupId, fromIndex, toIndex, queued.first(), readableLast)));
    }
    Promise<List<LogEntry>> promise = Promise.promise();
    long removalsSeen = removalCount;
    Runnable read =
        () -> {
          List<LogEntry> entries;
          try {
            entries = readNow(fromIndex, toIndex, bytesMax, removalsSeen);
          } catch (Throwable e) {
            Throwable failure = readFailure(e);
            onContext(() -> promise.fail(failure));
            return;
          }
          onContext(() -> promise.complete(entries));
        };
    boolean accepted =
        toIndex <= settledLast
            ? storage.read(read)
            : storage.readSettled(read, refused -> onContext(() -> promise.fail(refused)));
    return accepted ? promise.future() : Future.failedFuture(storage.closedFailure());
  }

  /** On the reader thread. */
  private List<LogEntry> readNow(long fromIndex, long toIndex, long bytesMax, long removalsSeen)
      throws IOException {
    RunReader run = new RunReader(number, codec, fromIndex, toIndex, bytesMax);
    try {
      records.scanFrom(Keys.of(Keys.RUN, number, fromIndex), true, run);
    } catch (CorruptEntryException e) {
      throw StorageErrors.corruptWhileOpen(
          storage.home(),
          "group '%s': entry %d is not intact (%s)"
              .formatted(groupId, run.nextIndex(), e.getMessage()));
    }
    if (run.entries().isEmpty()) {
      String nature = "group '%s': entry %d is missing".formatted(groupId, fromIndex);
      if (removalsSeen != removalCount) {
        throw new IllegalArgumentException(nature + ": it was removed before it was read");
      }
      throw StorageErrors.corruptWhileOpen(storage.home(), nature);
    }
    return run.entries();
  }

  private Throwable readFailure(Throwable cause) {
    return cause instanceof IllegalArgumentException
        ? cause
        : StorageErrors.of(storage.home(), "A read", cause);
  }

  @Override
  public Room room() {
    return storage.room();
  }

  @Override
  public void roomHandler(Consumer<Room> handler) {
    roomHandler = handler;
  }

  /** Room has become low, or is so no longer. From any thread. */
  void tell(Room room) {
    onContext(
        () -> {
          if (closed == null) {
            roomHandler.accept(room);
          }
        });
  }

  @Override
  public Future<Void> close() {
    if (closed == null) {
      closed = storage.closeGroup(this, snapshots);
    }
    return closed;
  }

  /** Runs a task on the group's context; from any thread. */
  void onContext(Runnable task) {
    LevelDbStorage.post(context, task);
  }
}
