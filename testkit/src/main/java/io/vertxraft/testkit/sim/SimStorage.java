package io.vertxraft.testkit.sim;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertxraft.protocol.CorruptEntryException;
import io.vertxraft.protocol.EntryCodec;
import io.vertxraft.protocol.LogEntry;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.GroupStorage;
import io.vertxraft.spi.RaftStorage;
import io.vertxraft.spi.RecoveredLog;
import io.vertxraft.spi.Room;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StorageException.Kind;
import io.vertxraft.spi.StorageWrite;
import io.vertxraft.testkit.snapshot.ShelvedSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** One life's handle on a {@link SimDisk}. */
final class SimStorage implements RaftStorage {
  private final SimDisk disk;
  private final long epoch;
  private final Map<String, SimGroup> groups = new LinkedHashMap<>();
  private StorageException failure;
  private Future<Void> closing;

  SimStorage(SimDisk disk, long epoch) {
    this.disk = disk;
    this.epoch = epoch;
  }

  /** The first failure is final. */
  void latch(StorageException cause) {
    failure = failure == null ? cause : failure;
  }

  /** A change of one group was refused, so that the handle has gone ahead of the disk. */
  void refuse(DiskVolume volume, StorageException cause) {
    for (SimGroup group : groups.values()) {
      if (group.volume == volume) {
        group.refused = group.refused == null ? cause : group.refused;
      }
    }
  }

  /** Room has become low, or is so no longer. */
  void tell(Room room) {
    groups.values().forEach(group -> group.tell(room));
  }

  @Override
  public Future<GroupStorage> open(GroupIdentity identity, Executor context) {
    return disk.call(epoch, () -> openNow(identity, context));
  }

  private Future<GroupStorage> openNow(GroupIdentity identity, Executor context) {
    StorageException refusal = refusal(identity);
    if (refusal != null) {
      return failed(refusal, context);
    }
    SimGroup group = new SimGroup(identity, context, disk.volume(identity.groupId()));
    groups.put(identity.groupId(), group);
    Promise<GroupStorage> promise = Promise.promise();
    disk.afterLatency(
        TraceKind.DISK_OPEN,
        () -> {
          StorageException damage = group.recover();
          if (damage == null) {
            context.execute(() -> promise.complete(group));
          } else {
            groups.remove(identity.groupId(), group);
            context.execute(() -> promise.fail(damage));
          }
        });
    return promise.future();
  }

  private StorageException refusal(GroupIdentity identity) {
    if (closing != null || !disk.isCurrent(epoch)) {
      return closed("the storage of '" + identity.nodeId() + "'");
    }
    if (failure != null) {
      return failure;
    }
    StorageException refusal = disk.claim(this, identity);
    if (refusal == null && groups.containsKey(identity.groupId())) {
      refusal =
          new StorageException(
              Kind.LOCKED, "group '%s' is open already".formatted(identity.groupId()));
    }
    return refusal;
  }

  private static StorageException closed(String what) {
    return new StorageException(Kind.CLOSED, what + " is closed: open it again");
  }

  private static <T> Future<T> failed(Throwable cause, Executor context) {
    Promise<T> promise = Promise.promise();
    context.execute(() -> promise.fail(cause));
    return promise.future();
  }

  @Override
  public Future<Void> close() {
    return disk.call(epoch, this::closeNow);
  }

  private Future<Void> closeNow() {
    if (closing == null) {
      Promise<Void> promise = Promise.promise();
      closing = promise.future();
      Executor context = disk.callerContext();
      new ArrayList<>(groups.values()).forEach(SimGroup::markClosed);
      if (disk.isCurrent(epoch)) {
        Future<Void> drained = disk.submit(null, null, context).promise.future();
        drained.onComplete(
            done -> {
              disk.release(this);
              promise.complete();
            });
      } else {
        context.execute(promise::complete);
      }
    }
    return closing;
  }

  /** An open group. */
  private final class SimGroup implements GroupStorage {
    private final GroupIdentity identity;
    private final Executor context;
    private final DiskVolume volume;
    private final EntryCodec codec;
    private final ShelvedSnapshots snapshots;
    private RecoveredLog recovered;
    private Consumer<Room> roomHandler;
    private StorageException refused;
    private boolean closed;
    private Future<Void> closing;

    SimGroup(GroupIdentity identity, Executor context, DiskVolume volume) {
      this.identity = identity;
      this.context = context;
      this.volume = volume;
      this.codec = new EntryCodec(identity.groupId());
      this.snapshots =
          new ShelvedSnapshots(
              volume.shelf.shelf,
              new SimSnapshotMedium(disk, epoch, context, this::snapshotRefusal));
    }

    /** Finds what is there; the damage that forbids to use it, or null. */
    StorageException recover() {
      disk.recover();
      for (long index : volume.damaged()) {
        try {
          volume.decode(volume.durable.log().entryAt(index), codec);
        } catch (CorruptEntryException e) {
          StorageException damage = disk.corrupt(identity, index, e);
          if (!disk.opensDamaged()) {
            return damage;
          }
          volume.loseFrom(index, damage.getMessage());
          break;
        }
      }
      volume.accepted.copyFrom(volume.durable);
      recovered = volume.durable.recovered();
      return null;
    }

    @Override
    public RecoveredLog recovered() {
      return recovered;
    }

    /** Why a call is refused, or null. */
    private StorageException refusal() {
      if (failure != null) {
        return failure;
      }
      if (refused != null && !closed) {
        return refused;
      }
      return closed || !disk.isCurrent(epoch) ? SimStorage.closed(identity.toString()) : null;
    }

    /** At once and for ever: the list never changes here, so it is nothing to explore. */
    @Override
    public Future<Void> requireVoters(Set<String> voters) {
      return disk.call(
          epoch,
          () -> {
            StorageException refusal = refusal();
            if (refusal != null) {
              return failed(refusal, context);
            }
            try {
              volume.durable.requireVoters(identity, voters);
            } catch (StorageException e) {
              return failed(e, context);
            }
            Promise<Void> promise = Promise.promise();
            context.execute(promise::complete);
            return promise.future();
          });
    }

    @Override
    public Future<Void> write(StorageWrite write) {
      return disk.call(epoch, () -> changeNow(new DiskChange.Write(write)));
    }

    @Override
    public Future<Void> truncatePrefix(long firstIndex) {
      return disk.call(epoch, () -> changeNow(new DiskChange.PrefixTruncation(firstIndex)));
    }

    @Override
    public Future<Void> healed() {
      return disk.call(epoch, () -> changeNow(new DiskChange.Healed()));
    }

    @Override
    public Future<Void> discardDamaged(String detail) {
      return disk.call(epoch, () -> changeNow(new DiskChange.Discard(detail)));
    }

    /** A log that takes no more changes does not keep anybody from the snapshots. */
    private StorageException snapshotRefusal() {
      return closed || !disk.isCurrent(epoch) ? SimStorage.closed(identity.toString()) : null;
    }

    @Override
    public SnapshotStorage snapshots() {
      return snapshots;
    }

    private Future<Void> changeNow(DiskChange change) {
      StorageException refusal = refusal();
      if (refusal != null) {
        return failed(refusal, context);
      }
      try {
        change.apply(volume.accepted);
      } catch (IllegalStateException e) {
        return failed(new IllegalArgumentException(identity + ": " + e.getMessage(), e), context);
      }
      return disk.submit(volume, change, context).promise.future();
    }

    @Override
    public Room room() {
      return disk.room();
    }

    @Override
    public void roomHandler(Consumer<Room> handler) {
      roomHandler = handler;
    }

    void tell(Room room) {
      Consumer<Room> handler = roomHandler;
      if (handler != null) {
        context.execute(() -> handler.accept(room));
      }
    }

    @Override
    public Future<List<LogEntry>> read(long fromIndex, long toIndex, long bytesMax) {
      return disk.call(epoch, () -> readNow(fromIndex, toIndex, bytesMax));
    }

    private Future<List<LogEntry>> readNow(long fromIndex, long toIndex, long bytesMax) {
      StorageException refusal = refusal();
      if (refusal != null) {
        return failed(refusal, context);
      }
      long readableLast = disk.readableLast(volume);
      long firstIndex = volume.accepted.log().firstIndex();
      if (fromIndex < firstIndex || toIndex < fromIndex || toIndex > readableLast) {
        return failed(
            new IllegalArgumentException(
                "%s: %d..%d is not within the durable log %d..%d"
                    .formatted(identity, fromIndex, toIndex, firstIndex, readableLast)),
            context);
      }
      Promise<List<LogEntry>> promise = Promise.promise();
      disk.afterLatency(
          TraceKind.DISK_READ,
          () -> {
            // What is there at the end of the operation: a truncation may have come before it.
            long lastIndex = Math.min(toIndex, volume.durable.lastIndex());
            boolean gone = fromIndex < volume.durable.log().firstIndex();
            verify(gone ? List.of() : select(fromIndex, lastIndex, bytesMax), fromIndex, promise);
          });
      return promise.future();
    }

    private List<LogEntry> select(long fromIndex, long toIndex, long bytesMax) {
      List<LogEntry> stored = new ArrayList<>();
      long bytes = 0;
      for (long index = fromIndex; index <= toIndex; index++) {
        LogEntry entry = volume.durable.log().entryAt(index);
        bytes += entry.encodedBytes();
        if (bytes > bytesMax && !stored.isEmpty()) {
          break;
        }
        stored.add(entry);
      }
      return stored;
    }

    private void verify(List<LogEntry> stored, long fromIndex, Promise<List<LogEntry>> promise) {
      if (stored.isEmpty()) {
        String nature = "%s: entry %d was truncated before it was read";
        context.execute(
            () ->
                promise.fail(new IllegalArgumentException(nature.formatted(identity, fromIndex))));
        return;
      }
      List<LogEntry> entries = new ArrayList<>(stored.size());
      for (LogEntry entry : stored) {
        try {
          entries.add(volume.decode(entry, codec));
        } catch (CorruptEntryException e) {
          StorageException damage = disk.corrupt(identity, entry.index(), e);
          context.execute(() -> promise.fail(damage));
          return;
        }
      }
      context.execute(() -> promise.complete(entries));
    }

    private void markClosed() {
      if (!closed && disk.isCurrent(epoch)) {
        snapshots.closed();
      }
      closed = true;
      roomHandler = null;
    }

    @Override
    public Future<Void> close() {
      return disk.call(epoch, this::closeNow);
    }

    private Future<Void> closeNow() {
      if (closing == null) {
        boolean wasOpen = !closed;
        markClosed();
        Promise<Void> promise = Promise.promise();
        closing = promise.future();
        if (wasOpen && disk.isCurrent(epoch)) {
          Future<Void> drained = disk.submit(volume, null, context).promise.future();
          drained.onComplete(
              done -> {
                groups.remove(identity.groupId(), this);
                promise.complete();
              });
        } else {
          context.execute(promise::complete);
        }
      }
      return closing;
    }
  }
}
