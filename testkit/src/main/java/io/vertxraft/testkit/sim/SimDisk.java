package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.Room;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.testkit.DiskImage;
import io.vertxraft.testkit.LogChain;
import io.vertxraft.testkit.snapshot.SnapshotMedium.Step;
import io.vertxraft.testkit.snapshot.SnapshotShelf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.Executor;
import java.util.function.LongBinaryOperator;
import java.util.function.Supplier;

/**
 * A machine's disk. It survives crashes; {@link #storage} gives each life of the node its way to
 * it.
 *
 * <p>Writes are durable when a sync has finished. What arrives during a sync goes into the next
 * one. At a power cut each write that was not synced is kept, lost or torn, independently of the
 * others; the next opening keeps those up to the first that is not whole, and cuts off the rest, as
 * a log with checksums does.
 */
public final class SimDisk {
  private final SimLoop loop;
  private final SimRandom random;
  private final String name;
  private final int owner;
  private final SimContext fallbackContext;
  private final DiskVolumes volumes = new DiskVolumes();
  private final ArrayDeque<DiskRecord> pending = new ArrayDeque<>();
  private final RecordLog unsynced;
  private final StorageCalls calls;
  private final DiskTime time;
  private final DiskOwner diskOwner;
  private SimStorage lockedBy;
  private boolean syncing;
  private Kind nextFailure;
  private final DiskSnapshots snapshots;
  private long syncs;
  private final DiskRoom room;
  private boolean opensDamaged;

  SimDisk(SimLoop loop, String name, int owner) {
    this.loop = loop;
    this.name = name;
    this.owner = owner;
    this.random = loop.random("disk " + name);
    this.fallbackContext = new SimContext(loop, owner);
    this.unsynced = new RecordLog(loop, random, owner);
    this.calls = new StorageCalls(loop, WorldMark.CRASH_INSIDE_STORAGE_CALL);
    this.time = new DiskTime(loop, random, owner);
    this.room = new DiskRoom(name);
    this.diskOwner = new DiskOwner(name);
    this.snapshots = new DiskSnapshots(loop, name, owner, room, time, random);
  }

  /** The storage of a new life of the node. */
  public RaftStorage storage() {
    return new SimStorage(this, time.epoch());
  }

  /**
   * Sets where the {@linkplain io.vertxraft.testkit.ChainHash chains} of logs come from that
   * snapshots stand for, by index and term of the last entry; before the disk is used.
   */
  public SimDisk chains(LongBinaryOperator chains) {
    volumes.chains(chains);
    return this;
  }

  /** What a power cut at this instant leaves for certain; empty for an unknown group. */
  public DiskImage image(String groupId) {
    return volume(groupId).durable;
  }

  /** What a power cut at this instant leaves of a group's snapshots. */
  public SnapshotShelf snapshots(String groupId) {
    return volume(groupId).shelf.shelf;
  }

  /** The log with all writes accepted so far, synced or not. */
  public LogChain acceptedLog(String groupId) {
    return volume(groupId).accepted.log();
  }

  DiskVolume volume(String groupId) {
    return volumes.of(groupId);
  }

  /** Writes that are not durable yet. */
  public int pendingWrites() {
    return pending.size();
  }

  /** Finished syncs since the start. */
  public long syncs() {
    return syncs;
  }

  /**
   * Sets how long an operation takes: {@code nanos} plus an exponential with mean {@code jitter}.
   */
  public SimDisk latency(long nanos, long jitter) {
    time.latency(nanos, jitter);
    return this;
  }

  /** Sets how long each byte of a snapshot takes; 0 at first. */
  public SimDisk nanosPerSnapshotByte(long nanos) {
    time.perByte(nanos);
    return this;
  }

  /** Makes all operations that start from now on slower by a factor, until set back to 1. */
  public SimDisk latencyFactor(double factor) {
    time.factor(factor);
    return this;
  }

  /** Nothing finishes for {@code nanos} from now. */
  public void stall(long nanos) {
    time.stall(nanos);
    loop.record(TraceKind.FAULT, owner, nanos, 0, "disk stalls for " + nanos + " ns");
  }

  /** Whether the disk is stalled now. */
  public boolean isStalled() {
    return time.isStalled();
  }

  /**
   * Ends what slows the disk or makes it fail: stalls, for operations from now on, slowness, a
   * failing sync to come, want of space. Damage stays.
   */
  public void heal() {
    time.heal();
    nextFailure = null;
    snapshots.clear();
    freeSpace();
  }

  /**
   * The next sync fails. Whether its writes reached the disk stays open until the next crash or
   * close; the storage takes no more calls until then.
   */
  public void failNextSync(Kind kind) {
    nextFailure = kind;
  }

  /** The next step of a snapshot that can go wrong in this way does. The log is not concerned. */
  public void failNextSnapshotStep(SnapshotFault fault) {
    snapshots.add(fault);
  }

  /**
   * Sets how many bytes of changes the disk still takes. With less than a mebibyte it is
   * {@linkplain Room#low() low} on room; a change that does not fit, and an opening without any
   * room, is refused with {@link Kind#DISK_FULL}, and nothing of it is on the disk.
   */
  public SimDisk freeBytes(long bytes) {
    loop.record(TraceKind.FAULT, owner, bytes, 0, bytes + " bytes free");
    tellRoom(room.set(bytes));
    return this;
  }

  /** Bytes of changes that the disk still takes. */
  public long freeBytes() {
    return room.freeBytes();
  }

  /** Takes all room, until {@link #freeSpace}. */
  public void fill() {
    freeBytes(0);
  }

  /** Leaves room for small changes only, until {@link #freeSpace}. */
  public void runLow() {
    freeBytes(DiskRoom.LOW_BYTES - 1);
  }

  /** Makes room without limit. */
  public void freeSpace() {
    freeBytes(Long.MAX_VALUE);
  }

  /** How much room it has left. */
  public Room room() {
    return room.room();
  }

  private void tellRoom(boolean changed) {
    if (changed && lockedBy != null) {
      lockedBy.tell(room.room());
    }
  }

  /**
   * Sets what becomes of a group with a damaged entry when it is opened: either it is refused with
   * {@link Kind#CORRUPT}, as is the case unless this is called, or it is opened with the entries
   * before the damage and {@linkplain io.vertxraft.spi.RecoveredLog.Health says so}.
   */
  public SimDisk opensDamaged(boolean opens) {
    opensDamaged = opens;
    return this;
  }

  boolean opensDamaged() {
    return opensDamaged;
  }

  /**
   * Flips a bit of a random durable entry at rest. Reading the entry fails with {@link
   * Kind#CORRUPT} from now on, until the entry is removed; of opening its log see {@link
   * #opensDamaged}. Returns the entry's index, or 0 if the disk has no entry.
   */
  public long flipBit(SimRandom draw) {
    String groupId = volumes.drawOneWithEntries(draw);
    if (groupId == null) {
      return 0;
    }
    LogChain log = volume(groupId).durable.log();
    long index = log.firstIndex() + draw.below(log.lastIndex() - log.firstIndex() + 1);
    flipBit(groupId, index, draw);
    return index;
  }

  /**
   * Flips a random bit of one durable entry at rest.
   *
   * @throws IndexOutOfBoundsException if the group has no such durable entry
   */
  public void flipBit(String groupId, long index, SimRandom draw) {
    volume(groupId).flipBit(index, draw);
    loop.record(TraceKind.DISK_FAULT, owner, index, 0, "bit flipped in entry " + index);
  }

  /**
   * Turns one bit of a random published snapshot of a group. Opening it fails with {@link
   * Kind#CORRUPT} from now on. Returns the index at which it ends, or 0 if there is none.
   */
  public long flipSnapshotBit(String groupId, SimRandom draw) {
    DiskShelf shelf = volume(groupId).shelf;
    long index = shelf.isEmpty() ? 0 : shelf.flipBit(draw);
    loop.record(TraceKind.DISK_FAULT, owner, index, 1, "bit flipped in snapshot " + index);
    return index;
  }

  /** Whether damage has ever cost a group entries that were durable here. */
  public boolean hasLostEntries(String groupId) {
    return volume(groupId).hasLostEntries();
  }

  /** Indexes of a group's entries that are damaged at rest. */
  public NavigableSet<Long> damaged(String groupId) {
    return volume(groupId).damaged();
  }

  /**
   * Power cut: each write that was not synced is kept, lost or torn, which shows at the next
   * opening; all handles are dead.
   */
  public void crash() {
    loseHandles();
    unsynced.addUnsure(pending);
    pending.clear();
    unsynced.settle();
    volumes.forEach(volume -> volume.shelf.powerCut(random, loop));
  }

  /** The process ends but the machine stays up: what was written survives, synced or not. */
  void processExit() {
    loseHandles();
    unsynced.addWritten(pending);
    pending.clear();
    volumes.forEach(volume -> volume.shelf.processExit());
  }

  /** See {@link SimMachine#crashAtStorageCall}. */
  void powerCutAtCall(int n, StorageCallMoment moment, Runnable powerCut) {
    calls.powerCutAtCall(n, moment, powerCut);
  }

  /** See {@link SimMachine#crashAtSnapshotStep}. */
  void powerCutAtSnapshotStep(int n, StorageCallMoment moment, Runnable powerCut) {
    snapshots.steps().powerCutAtCall(n, moment, powerCut);
  }

  void cancelPowerCut() {
    calls.cancel();
    snapshots.steps().cancel();
  }

  private void loseHandles() {
    time.nextEpoch();
    syncing = false;
    lockedBy = null;
  }

  // --- calls of SimStorage; a call of an earlier life is ignored there ---

  boolean isCurrent(long handleEpoch) {
    return handleEpoch == time.epoch();
  }

  /** Carries out a call of the life {@code handleEpoch}, in which the power may go. */
  <T> Future<T> call(long handleEpoch, Supplier<Future<T>> operation) {
    return isCurrent(handleEpoch) ? calls.call(operation) : operation.get();
  }

  /** Checks and takes the lock and the ownership; returns null or why not. */
  StorageException claim(SimStorage handle, GroupIdentity identity) {
    if (lockedBy != null && lockedBy != handle) {
      return new StorageException(
          Kind.LOCKED, "disk '%s' is in use: close the other storage first".formatted(name));
    }
    StorageException stranger = diskOwner.refusal(identity);
    if (stranger != null) {
      return stranger;
    }
    if (room.freeBytes() <= 0) {
      loop.reached(WorldMark.DISK_FULL_REFUSED);
      return room.refusal();
    }
    diskOwner.remember(identity);
    lockedBy = handle;
    return null;
  }

  /** Index up to which a group may be read: durable, and not about to be removed. */
  long readableLast(DiskVolume volume) {
    long last = volume.durable.lastIndex();
    for (DiskRecord record : pending) {
      if (record.volume == volume && record.change != null) {
        last = Math.min(last, record.change.truncateFrom() - 1);
      }
    }
    return last;
  }

  /** A damaged entry was found. */
  StorageException corrupt(GroupIdentity identity, long index, CorruptEntryException cause) {
    loop.reached(WorldMark.DAMAGE_DETECTED);
    return new StorageException(
        Kind.CORRUPT,
        "%s: entry %d on disk '%s' is damaged: %s"
            .formatted(identity, index, name, cause.getMessage()),
        cause);
  }

  /** Recovers what the last life left un-synced. */
  void recover() {
    unsynced.recover();
  }

  void release(SimStorage handle) {
    if (lockedBy == handle) {
      lockedBy = null;
      unsynced.settle();
    }
  }

  /** Queues a change, or a mark if {@code change} is null. */
  DiskRecord submit(DiskVolume volume, DiskChange change, Executor context) {
    DiskRecord operation = new DiskRecord(volume, change, context);
    if (change != null) {
      loop.record(TraceKind.DISK_WRITE, owner, change.hash(), change.entries(), change);
    }
    pending.add(operation);
    startSync();
    return operation;
  }

  /** Runs {@code action} after the time an operation takes, unless the machine crashes. */
  void afterLatency(TraceKind kind, Runnable action) {
    time.after(kind, action);
  }

  DiskSnapshots snapshotSteps() {
    return snapshots;
  }

  void snapshotStepDone(Step step, long bytes) {
    if (step == Step.APPEND || step == Step.REMOVE) {
      tellRoom(room.use(step == Step.APPEND ? bytes : -bytes));
    }
  }

  /** Where a future completes whose caller named no context. */
  Executor callerContext() {
    return loop.current() == null ? fallbackContext : loop.current();
  }

  private void startSync() {
    if (!syncing && !pending.isEmpty()) {
      syncing = true;
      int batch = pending.size();
      afterLatency(TraceKind.DISK_SYNC, () -> finishSync(batch));
    }
  }

  private void finishSync(int batch) {
    syncing = false;
    syncs++;
    if (nextFailure != null) {
      failSync();
      return;
    }
    List<DiskRecord> done = new ArrayList<>(batch);
    long bytes = 0;
    for (DiskRecord operation : pending) {
      if (done.size() < batch) {
        done.add(operation);
        bytes += operation.bytes;
      }
    }
    if (bytes > room.freeBytes()) {
      refusePending();
      return;
    }
    for (DiskRecord operation : done) {
      pending.poll();
      if (operation.change != null) {
        operation.change.makeDurable(operation.volume);
      }
    }
    tellRoom(room.use(bytes));
    complete(done, null);
    startSync();
  }

  private void failSync() {
    loop.reached(WorldMark.SYNC_FAILED);
    StorageException cause =
        new StorageException(
            nextFailure,
            "disk '%s' failed to sync %d writes: restart the node after a check of the disk"
                .formatted(name, pending.size()));
    nextFailure = null;
    unsynced.addUnsure(pending);
    failAll(cause);
  }

  /** There is no room: nothing was written, but the handles have gone ahead of the disk. */
  private void refusePending() {
    loop.reached(WorldMark.DISK_FULL_REFUSED);
    StorageException cause = room.refusal();
    for (DiskRecord operation : pending) {
      if (operation.change != null && lockedBy != null) {
        lockedBy.refuse(operation.volume, cause);
      }
    }
    failPending(cause);
  }

  private void failAll(StorageException cause) {
    if (lockedBy != null) {
      lockedBy.latch(cause);
    }
    failPending(cause);
  }

  private void failPending(StorageException cause) {
    loop.record(TraceKind.DISK_FAULT, owner, pending.size(), 0, cause.kind());
    List<DiskRecord> failed = new ArrayList<>(pending);
    pending.clear();
    complete(failed, cause);
  }

  /** Completes the promises, in order, with one task per run of operations of one context. */
  private static void complete(List<DiskRecord> operations, StorageException cause) {
    int from = 0;
    while (from < operations.size()) {
      Executor context = operations.get(from).context;
      int to = from + 1;
      while (to < operations.size() && operations.get(to).context == context) {
        to++;
      }
      List<DiskRecord> run = operations.subList(from, to);
      context.execute(() -> run.forEach(operation -> complete(operation, cause)));
      from = to;
    }
  }

  private static void complete(DiskRecord operation, StorageException cause) {
    if (cause == null || operation.change == null) {
      operation.promise.complete();
    } else {
      operation.promise.fail(cause);
    }
  }
}
