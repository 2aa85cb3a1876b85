package io.vertxraft.leveldb;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.RecoveredLog.Health;
import io.vertxraft.spi.Room;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Log and hard state of all groups of a process in one LevelDB, written by one thread of its own:
 * what arrives while a batch is synced, of whatever group, forms the next batch and shares its
 * sync.
 *
 * <pre>{@code
 * RaftStorage storage =
 *     LevelDbStorage.create(new LevelDbOptions().setDirectory("/var/lib/orders/raft"));
 * vertx.deployVerticle(new RaftVerticle(options, stateMachine, storage, transport));
 * }</pre>
 *
 * <p>Creating a storage touches no file. The first group that is opened locks the directory, makes
 * it the property of its cluster and node, and opens the database, all on the writer thread; every
 * later group must have the same cluster and node id. Methods may be called from any thread and
 * never block.
 */
public final class LevelDbStorage implements RaftStorage {
  private static final System.Logger LOG = System.getLogger(LevelDbStorage.class.getName());

  private final LevelDbOptions options;
  private final FreeSpace freeSpace;
  private final Path home;
  private final LogWriter writer;
  private final ExecutorService reader;
  private final ExecutorService compactor;
  private final FileCalls snapshotFiles;
  private final SnapshotThread snapshotThread;
  private final Set<LevelDbGroup> handles = ConcurrentHashMap.newKeySet();
  private final Set<String> openGroups = ConcurrentHashMap.newKeySet();
  private final Map<LevelDbGroup, Runnable> closings = new ConcurrentHashMap<>();
  private final Promise<Void> released = Promise.promise();
  private volatile boolean closing;
  private volatile Room room = Room.UNLIMITED;

  /** Confined to the writer thread. */
  private Engine engine;

  private LevelDbStorage(LevelDbOptions options, FreeSpace freeSpace, FileCalls snapshotFiles) {
    this.options = options;
    this.freeSpace = freeSpace;
    this.snapshotFiles = snapshotFiles;
    this.home = Path.of(options.getDirectory()).toAbsolutePath().normalize();
    this.writer = new LogWriter("raft-log-writer " + home, options, new Committer());
    this.reader = Threads.single("raft-log-reader " + home);
    this.compactor = Threads.single("raft-log-compactor " + home);
    this.snapshotThread = new SnapshotThread("raft-snapshots " + home);
  }

  /**
   * Creates a storage; its directory is opened with the first group.
   *
   * @param options copied; later changes have no effect
   * @throws IllegalArgumentException naming the option that is not valid
   */
  public static LevelDbStorage create(LevelDbOptions options) {
    return create(options, FreeSpace.ofFileSystem());
  }

  /** Creates a storage that is told how much room the disk has. */
  static LevelDbStorage create(LevelDbOptions options, FreeSpace freeSpace) {
    return create(options, freeSpace, new DiskFiles());
  }

  /** As above, with snapshots on a file system that misbehaves. */
  static LevelDbStorage create(
      LevelDbOptions options, FreeSpace freeSpace, FileCalls snapshotFiles) {
    return new LevelDbStorage(new LevelDbOptions(options).validate(), freeSpace, snapshotFiles);
  }

  @Override
  public Future<GroupStorage> open(GroupIdentity identity, Executor context) {
    Promise<GroupStorage> promise = Promise.promise();
    boolean accepted =
        writer.enqueue(
            new LogWriter.Task(() -> openOnWriter(new Opener(identity, context, promise))));
    if (!accepted) {
      post(context, () -> promise.fail(closedFailure()));
    }
    return promise.future();
  }

  /** Who opens a group. */
  private record Opener(GroupIdentity identity, Executor context, Promise<GroupStorage> promise) {}

  private void openOnWriter(Opener opener) {
    GroupIdentity identity = opener.identity();
    String groupId = identity.groupId();
    try {
      if (engine == null) {
        engine =
            Engine.open(
                home, options, freeSpace, identity.clusterId(), identity.nodeId(), () -> closing);
        room = engine.lookForRoom(room);
      }
      engine.directory().requireOwner(identity.clusterId(), identity.nodeId());
      if (!openGroups.add(groupId)) {
        throw new StorageException(
            Kind.LOCKED,
            "group '%s' in storage directory '%s' is open already: close it first"
                .formatted(groupId, home));
      }
    } catch (Throwable e) {
      StorageException failure = StorageErrors.of(home, "Opening", e);
      post(opener.context(), () -> opener.promise().fail(failure));
      return;
    }
    try {
      GroupState state = engine.group(groupId);
      Database database = engine.settled();
      GroupMeta meta = state.meta;
      RecoveredLog found = state.found;
      if (found != null) {
        state.found = null;
        lookForSnapshots(database, state, meta, found, opener);
        return;
      }
      // Checking a long log takes a while: not on the thread other groups wait for.
      if (!read(() -> checkOnReader(database, state, meta, opener))) {
        throw closedFailure();
      }
    } catch (Throwable e) {
      refuseOpening(opener, e);
    }
  }

  /** Checks a group that has been open before. */
  private void checkOnReader(Database database, GroupState state, GroupMeta meta, Opener opener) {
    try {
      GroupCheck.Result log =
          GroupCheck.check(home, database, state.groupId, state.number, meta, () -> closing);
      String problem = log.problem();
      if (problem == null && log.last() != meta.last()) {
        problem = "the log ends at %d, not at %d".formatted(log.last(), meta.last());
      }
      if (problem != null) {
        throw StorageErrors.corruptWhileOpen(
            home, "group '%s': %s".formatted(state.groupId, problem));
      }
      RecoveredLog found =
          new RecoveredLog(
              meta.hardState(),
              meta.first(),
              meta.last(),
              meta.prevTerm(),
              log.termRuns(),
              meta.damaged()
                  ? new Health(Health.State.DAMAGED, StorageErrors.DAMAGED + ".")
                  : Health.OK);
      lookForSnapshots(database, state, meta, found, opener);
    } catch (Throwable e) {
      refuseOpening(opener, e);
    }
  }

  private void lookForSnapshots(
      Database database, GroupState state, GroupMeta meta, RecoveredLog found, Opener opener) {
    GroupSnapshots snapshots =
        new GroupSnapshots(
            snapshotFiles,
            new SnapshotPaths(home, state.groupId),
            opener.identity().clusterId(),
            snapshotThread,
            new SnapshotRoom(home, options, freeSpace, this::room),
            opener.context());
    boolean accepted =
        snapshotThread
            .lane()
            .add(
                cancelled -> {
                  try {
                    snapshots.look();
                  } catch (Throwable e) {
                    refuseOpening(opener, e);
                    return true;
                  }
                  handOver(
                      new LevelDbGroup(
                          this,
                          database::scanFrom,
                          state,
                          meta,
                          found,
                          snapshots,
                          opener.context()),
                      opener);
                  return true;
                });
    if (!accepted) {
      throw closedFailure();
    }
  }

  private void handOver(LevelDbGroup group, Opener opener) {
    handles.add(group);
    if (!post(opener.context(), () -> opener.promise().complete(group))) {
      // Nobody got the group, so nobody can close it.
      forget(group);
    }
  }

  private void refuseOpening(Opener opener, Throwable cause) {
    openGroups.remove(opener.identity().groupId());
    StorageException failure = StorageErrors.of(home, "Opening", cause);
    post(opener.context(), () -> opener.promise().fail(failure));
  }

  private void forget(LevelDbGroup group) {
    handles.remove(group);
    openGroups.remove(group.groupId());
  }

  /** What the writer thread does. */
  private final class Committer implements LogWriter.Sink {
    @Override
    public boolean commit(List<WriteJob> jobs) {
      Map<LevelDbGroup, List<WriteJob>> byGroup = new LinkedHashMap<>();
      for (WriteJob job : jobs) {
        byGroup.computeIfAbsent(job.group(), group -> new ArrayList<>()).add(job);
      }
      byGroup
          .entrySet()
          .removeIf(
              ofGroup -> {
                StorageException refusal = ofGroup.getKey().refusal();
                if (refusal != null) {
                  ofGroup.getKey().complete(ofGroup.getValue(), refusal);
                }
                return refusal != null;
              });
      if (!byGroup.isEmpty()) {
        StorageException failure = engine.commit(byGroup);
        tellRoom(engine.room());
        byGroup.forEach(
            (group, ofGroup) -> {
              if (failure != null) {
                group.refuse(failure);
              }
              group.complete(ofGroup, failure);
            });
      }
      return maintain(false);
    }

    @Override
    public boolean idle() {
      if (engine == null) {
        return false;
      }
      boolean more = maintain(true);
      tellRoom(engine.lookForRoom(room));
      return more;
    }

    private boolean maintain(boolean idle) {
      boolean more = engine.maintain(idle);
      GroupState group = engine.takeCompaction();
      if (group != null) {
        compact(group.number, group.deletedFrom, group.meta.clearedTo());
      }
      return more;
    }

    private void tellRoom(Room now) {
      boolean changed = room.low() != now.low();
      room = now;
      if (changed) {
        if (now.low()) {
          LOG.log(System.Logger.Level.WARNING, now.reason());
        }
        handles.forEach(group -> group.tell(now));
      }
    }
  }

  /** On a thread of its own; {@link #release} waits for it. */
  private void compact(int number, long fromIndex, long toIndex) {
    Database database = engine.database();
    compactor.execute(
        () -> {
          try {
            database.compact(
                Keys.of(Keys.RUN, number, fromIndex), Keys.of(Keys.RUN, number, toIndex));
          } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "taking back room in " + home + " failed", e);
          }
        });
  }

  /** See {@link GroupStorage#requireVoters}. From any thread. */
  Future<Void> requireVoters(String groupId, Set<String> voters, Executor context) {
    Promise<Void> promise = Promise.promise();
    boolean accepted =
        writer.enqueue(
            new LogWriter.Task(
                () -> {
                  try {
                    engine.directory().requireVoters(groupId, voters);
                    post(context, promise::complete);
                  } catch (Throwable e) {
                    StorageException failure = StorageErrors.of(home, "Opening", e);
                    post(context, () -> promise.fail(failure));
                  }
                }));
    if (!accepted) {
      post(context, () -> promise.fail(closedFailure()));
    }
    return promise.future();
  }

  Room room() {
    return room;
  }

  /** Queues a write; false after {@link #close}. From any thread. */
  boolean enqueue(WriteJob job) {
    return writer.enqueue(job);
  }

  /**
   * Runs a read on the reader thread, after the writer has given the database all that was written.
   * From any thread.
   *
   * @param refused called instead, on any thread, if that cannot be done
   * @return false after {@link #close}
   */
  boolean readSettled(Runnable task, Consumer<StorageException> refused) {
    return writer.enqueue(
        new LogWriter.Task(
            () -> {
              try {
                Database unused = engine.settled();
              } catch (StorageException e) {
                refused.accept(e);
                return;
              }
              if (!read(task)) {
                refused.accept(closedFailure());
              }
            }));
  }

  /** Runs a read on the reader thread; false after {@link #close}. From any thread. */
  boolean read(Runnable task) {
    try {
      reader.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Releases a group after its writes, reads and snapshots. */
  Future<Void> closeGroup(LevelDbGroup group, GroupSnapshots snapshots) {
    Promise<Void> promise = Promise.promise();
    Runnable release =
        () -> {
          forget(group);
          closings.remove(group);
          group.onContext(promise::tryComplete);
        };
    Runnable afterReads =
        () -> {
          if (!read(release)) {
            release.run();
          }
        };
    closings.put(group, release);
    snapshots.close(
        () -> {
          if (!writer.enqueue(new LogWriter.Task(afterReads))) {
            released.future().onComplete(done -> release.run());
          }
        });
    return promise.future();
  }

  /**
   * Runs a task on a context, unless the context has been stopped: then nobody waits for it.
   *
   * <p>Throws nothing: neither a context nor, if the context runs tasks at once, a listener may
   * keep the caller from serving other groups.
   *
   * @return false if the task does not run, neither now nor later
   */
  static boolean post(Executor context, Runnable task) {
    AtomicBoolean decided = new AtomicBoolean();
    try {
      context.execute(
          () -> {
            if (decided.compareAndSet(false, true)) {
              task.run();
            }
          });
      return true;
    } catch (Throwable e) {
      boolean refused = decided.compareAndSet(false, true);
      if (refused && e instanceof RejectedExecutionException) {
        LOG.log(System.Logger.Level.DEBUG, "a stopped context takes no more completions", e);
      } else {
        LOG.log(System.Logger.Level.ERROR, "the context of a group, or a listener, failed", e);
      }
      return !refused;
    }
  }

  Path home() {
    return home;
  }

  StorageException closedFailure() {
    return StorageErrors.closed(home);
  }

  /**
   * Bytes of entries that wait for the disk, of all groups together; the batch being written not
   * included. The members bound it by their limits on what is in flight.
   */
  public long queuedBytes() {
    return writer.queuedBytes();
  }

  @Override
  public Future<Void> close() {
    closing = true;
    writer.close(this::release);
    Promise<Void> promise = Promise.promise();
    Context caller = Vertx.currentContext();
    released
        .future()
        .onComplete(
            done -> {
              if (caller == null) {
                promise.handle(done);
              } else {
                post(task -> caller.runOnContext(v -> task.run()), () -> promise.handle(done));
              }
            });
    return promise.future();
  }

  /** On the writer thread, after the last write. */
  private void release() {
    if (!snapshotThread.close(options.snapshotsEndNanos())) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the disk does not answer: the work on snapshots in ''{0}'' is left as it is",
          home);
    }
    reader.shutdown();
    compactor.shutdown();
    Threads.awaitEnd(reader);
    Threads.awaitEnd(compactor);
    try {
      if (engine != null) {
        engine.close();
      }
    } catch (Throwable e) {
      released.fail(StorageErrors.of(home, "Closing", e));
      return;
    }
    released.complete();
    // Those that wait for a disk that does not answer.
    closings.values().forEach(Runnable::run);
  }
}
