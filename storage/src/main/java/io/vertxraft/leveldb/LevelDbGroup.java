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
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageWrite;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One group of a {@link LevelDbStorage}. Confined to the group's context, but for the few members
 * that say otherwise: what a write changes is worked out here, the writer thread only carries it
 * out.
 */
final class LevelDbGroup implements GroupStorage {
  private final LevelDbStorage storage;
  private final String groupId;
  private final int number;
  private final Executor context;
  private final RecoveredLog recovered;
  private final Database.Records records;
  private final ArrayList<TermRun> termRuns;
  private final ArrayDeque<WriteJob> truncations = new ArrayDeque<>();

  /** Used by the reader thread only: a codec is confined to one thread. */
  private final EntryCodec codec;

  /** State after the last write that was queued. */
  private GroupMeta queued;

  /** Last entry that may be read: durable, and not about to be truncated. */
  private long readableLast;

  /** How often the log was truncated; lets the reader tell a late read from damage. */
  private volatile long truncationCount;

  private Future<Void> closed;

  LevelDbGroup(
      LevelDbStorage storage,
      Database.Records records,
      String groupId,
      Engine.GroupRecord group,
      RecoveredLog recovered,
      Executor context) {
    this.storage = storage;
    this.records = records;
    this.groupId = groupId;
    this.number = group.number();
    this.context = context;
    this.recovered = recovered;
    this.codec = new EntryCodec(groupId);
    this.queued = group.meta();
    this.readableLast = queued.last();
    this.termRuns = new ArrayList<>(recovered.termRuns());
  }

  /** From any thread. */
  int number() {
    return number;
  }

  /** From any thread. */
  String groupId() {
    return groupId;
  }

  @Override
  public RecoveredLog recovered() {
    return recovered;
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
    if (!storage.enqueue(job)) {
      return Future.failedFuture(storage.closedFailure());
    }
    queued = job.meta();
    if (job.truncateFrom() != 0) {
      truncations.add(job);
      readableLast = Math.min(readableLast, job.truncateFrom() - 1);
      truncationCount++;
    }
    return job.promise().future();
  }

  /** Checks a write against what is queued before it, and works out what it changes. */
  private WriteJob plan(StorageWrite write) {
    HardState hardState = write.hardState() == null ? queued.hardState() : write.hardState();
    if (hardState.term() < queued.hardState().term()) {
      throw refused("term %d is before %d".formatted(hardState.term(), queued.hardState().term()));
    }
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
      if (from < queued.first() || from > queued.last() + 1) {
        throw refused(
            "truncateFrom %d is not in the log %d to %d"
                .formatted(from, queued.first(), queued.last()));
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
      bytes += Keys.BYTES + entry.encodedBytes();
    }
    updateTermRuns(write);
    GroupMeta meta =
        new GroupMeta(queued.sequence() + 1, hardState, first, last, lastTerm, prevTerm);
    // What is written again need not be deleted before.
    long deleteFrom = from == 0 ? 1 : last + 1;
    long deleteTo = from == 0 ? 0 : queued.last();
    if (write.newStart() != null) {
      deleteFrom = queued.first();
      deleteTo = queued.last();
      from = 1;
    }
    bytes += Math.max(0, deleteTo - deleteFrom + 1) * Keys.BYTES;
    return new WriteJob(
        this, meta, deleteFrom, deleteTo, from, write.entries(), bytes, Promise.promise());
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
    long prevTerm = termAt(first - 1);
    GroupMeta meta =
        new GroupMeta(
            queued.sequence() + 1,
            queued.hardState(),
            first,
            queued.last(),
            queued.lastTerm(),
            prevTerm);
    WriteJob job =
        new WriteJob(this, meta, queued.first(), first - 1, 0, List.of(), 0, Promise.promise());
    if (!storage.enqueue(job)) {
      return Future.failedFuture(storage.closedFailure());
    }
    while (termRuns.size() > 1 && termRuns.get(1).firstIndex() <= first) {
      termRuns.remove(0);
    }
    if (first > queued.last()) {
      termRuns.clear();
    }
    queued = meta;
    truncationCount++;
    return job.promise().future();
  }

  @Override
  public Future<Void> healed() {
    return write(new StorageWrite(null, 0, List.of()));
  }

  @Override
  public Room room() {
    return Room.UNLIMITED;
  }

  @Override
  public void roomHandler(Consumer<Room> handler) {}

  private long termAt(long index) {
    for (int i = termRuns.size() - 1; i >= 0; i--) {
      if (termRuns.get(i).firstIndex() <= index) {
        return termRuns.get(i).term();
      }
    }
    return queued.prevTerm();
  }

  private void updateTermRuns(StorageWrite write) {
    long from = write.truncateFrom();
    if (write.newStart() != null) {
      termRuns.clear();
    }
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
      if (truncations.peek() == job) {
        truncations.poll();
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
    for (WriteJob truncation : truncations) {
      last = Math.min(last, truncation.truncateFrom() - 1);
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
    long truncationsSeen = truncationCount;
    boolean accepted =
        storage.read(
            () -> {
              List<LogEntry> entries;
              try {
                entries = readNow(fromIndex, toIndex, bytesMax, truncationsSeen);
              } catch (Throwable e) {
                Throwable failure = readFailure(e);
                onContext(() -> promise.fail(failure));
                return;
              }
              onContext(() -> promise.complete(entries));
            });
    return accepted ? promise.future() : Future.failedFuture(storage.closedFailure());
  }

  /** On the reader thread. */
  private List<LogEntry> readNow(long fromIndex, long toIndex, long bytesMax, long truncationsSeen)
      throws IOException {
    EntryRun run = new EntryRun(number, codec, fromIndex, toIndex, bytesMax);
    try {
      records.scan(Keys.of(Keys.ENTRY, number, fromIndex), true, run);
    } catch (CorruptEntryException e) {
      throw StorageErrors.corrupt(
          storage.home(),
          "group '%s': entry %d is not intact (%s)"
              .formatted(groupId, run.nextIndex(), e.getMessage()),
          e);
    }
    if (run.entries().isEmpty()) {
      String nature = "group '%s': entry %d is missing".formatted(groupId, fromIndex);
      if (truncationsSeen != truncationCount) {
        throw new IllegalArgumentException(nature + ": it was truncated before it was read");
      }
      throw StorageErrors.corrupt(storage.home(), nature);
    }
    return run.entries();
  }

  private Throwable readFailure(Throwable cause) {
    return cause instanceof IllegalArgumentException
        ? cause
        : StorageErrors.of(storage.home(), "A read", cause);
  }

  @Override
  public Future<Void> close() {
    if (closed == null) {
      closed = storage.closeGroup(this);
    }
    return closed;
  }

  /** Runs a task on the group's context; from any thread. */
  void onContext(Runnable task) {
    LevelDbStorage.post(context, task);
  }
}
