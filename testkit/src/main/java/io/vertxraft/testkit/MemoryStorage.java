package io.vertxraft.testkit;

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
import io.vertxraft.testkit.snapshot.SnapshotMedium;
import io.vertxraft.testkit.snapshot.SnapshotShelf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Storage in memory, for unit tests: as fast as can be, and gone with the process.
 *
 * <p>{@link #reopen()} stands for a restart of the process: a new storage over the same data. Safe
 * for use from many contexts.
 */
public final class MemoryStorage implements RaftStorage {
  private final Data data;
  private final Map<String, MemoryGroup> groups = new HashMap<>();
  private boolean closed;

  /** An empty storage. */
  public MemoryStorage() {
    this(new Data());
  }

  private MemoryStorage(Data data) {
    this.data = data;
  }

  /** What outlives a storage. Its monitor guards everything. */
  private static final class Data {
    final Map<String, DiskImage> images = new HashMap<>();
    final Map<String, SnapshotShelf> shelves = new HashMap<>();
    GroupIdentity owner;
    MemoryStorage lockedBy;
  }

  /** A new storage over the same data; it can be opened once this one is closed. */
  public MemoryStorage reopen() {
    return new MemoryStorage(data);
  }

  @Override
  public Future<GroupStorage> open(GroupIdentity identity, Executor context) {
    synchronized (data) {
      StorageException refusal = refusal(identity);
      if (refusal != null) {
        return failed(refusal, context);
      }
      data.owner = identity;
      data.lockedBy = this;
      DiskImage image = data.images.computeIfAbsent(identity.groupId(), id -> new DiskImage());
      SnapshotShelf shelf =
          data.shelves.computeIfAbsent(identity.groupId(), id -> new SnapshotShelf());
      MemoryGroup group = new MemoryGroup(identity, context, image, shelf);
      groups.put(identity.groupId(), group);
      return succeeded(group, context);
    }
  }

  private StorageException refusal(GroupIdentity identity) {
    if (closed) {
      return closed("the storage");
    }
    GroupIdentity owner = data.owner;
    if (owner != null
        && !(owner.clusterId().equals(identity.clusterId())
            && owner.nodeId().equals(identity.nodeId()))) {
      return new StorageException(
          Kind.WRONG_OWNER,
          "this memory belongs to %s and cannot be opened as %s: use another storage"
              .formatted(owner, identity));
    }
    if (groups.containsKey(identity.groupId())
        || (data.lockedBy != null && data.lockedBy != this)) {
      return new StorageException(
          Kind.LOCKED, "%s is open already: close it first".formatted(identity));
    }
    return null;
  }

  @Override
  public Future<Void> close() {
    synchronized (data) {
      closed = true;
      groups.values().forEach(MemoryGroup::end);
      groups.clear();
      if (data.lockedBy == this) {
        data.lockedBy = null;
      }
      return Future.succeededFuture();
    }
  }

  private static StorageException closed(String what) {
    return new StorageException(Kind.CLOSED, what + " is closed: open it again");
  }

  private static <T> Future<T> succeeded(T result, Executor context) {
    Promise<T> promise = Promise.promise();
    context.execute(() -> promise.complete(result));
    return promise.future();
  }

  private static <T> Future<T> failed(Throwable cause, Executor context) {
    Promise<T> promise = Promise.promise();
    context.execute(() -> promise.fail(cause));
    return promise.future();
  }

  /** An open group. */
  private final class MemoryGroup implements GroupStorage {
    private final GroupIdentity identity;
    private final Executor context;
    private final DiskImage image;
    private final RecoveredLog recovered;
    private final EntryCodec codec;
    private final ShelvedSnapshots snapshots;
    private boolean open = true;

    MemoryGroup(GroupIdentity identity, Executor context, DiskImage image, SnapshotShelf shelf) {
      this.identity = identity;
      this.context = context;
      this.image = image;
      this.recovered = image.recovered();
      this.codec = new EntryCodec(identity.groupId());
      this.snapshots = new ShelvedSnapshots(shelf, new Memory());
    }

    void end() {
      if (open) {
        open = false;
        snapshots.closed();
      }
    }

    @Override
    public SnapshotStorage snapshots() {
      return snapshots;
    }

    @Override
    public RecoveredLog recovered() {
      return recovered;
    }

    @Override
    public Future<Void> requireVoters(Set<String> voters) {
      return change(() -> image.requireVoters(identity, voters));
    }

    @Override
    public Future<Void> write(StorageWrite write) {
      return change(() -> image.apply(write));
    }

    @Override
    public Future<Void> truncatePrefix(long firstIndex) {
      return change(() -> image.truncatePrefix(firstIndex));
    }

    @Override
    public Future<Void> healed() {
      return change(image::healed);
    }

    @Override
    public Future<Void> discardDamaged(String detail) {
      return change(() -> image.discardDamaged(detail));
    }

    private Future<Void> change(Runnable change) {
      synchronized (data) {
        if (!open) {
          return failed(MemoryStorage.closed(identity.toString()), context);
        }
        try {
          change.run();
        } catch (StorageException e) {
          return failed(e, context);
        } catch (IllegalStateException e) {
          return failed(new IllegalArgumentException(identity + ": " + e.getMessage(), e), context);
        }
        return succeeded(null, context);
      }
    }

    @Override
    public Room room() {
      return Room.UNLIMITED;
    }

    /** Nothing to tell: memory is never low here. */
    @Override
    public void roomHandler(Consumer<Room> handler) {}

    @Override
    public Future<List<LogEntry>> read(long fromIndex, long toIndex, long bytesMax) {
      synchronized (data) {
        if (!open) {
          return failed(MemoryStorage.closed(identity.toString()), context);
        }
        long firstIndex = image.log().firstIndex();
        if (fromIndex < firstIndex || toIndex < fromIndex || toIndex > image.lastIndex()) {
          return failed(
              new IllegalArgumentException(
                  "%s: %d..%d is not within the log %d..%d"
                      .formatted(identity, fromIndex, toIndex, firstIndex, image.lastIndex())),
              context);
        }
        return verified(select(fromIndex, toIndex, bytesMax));
      }
    }

    private List<LogEntry> select(long fromIndex, long toIndex, long bytesMax) {
      List<LogEntry> entries = new ArrayList<>();
      long bytes = 0;
      for (long index = fromIndex; index <= toIndex; index++) {
        LogEntry entry = image.log().entryAt(index);
        bytes += entry.encodedBytes();
        if (bytes > bytesMax && !entries.isEmpty()) {
          break;
        }
        entries.add(entry);
      }
      return entries;
    }

    /** Decodes copies, so that a write to a shared array is found as on any other storage. */
    private Future<List<LogEntry>> verified(List<LogEntry> stored) {
      List<LogEntry> entries = new ArrayList<>(stored.size());
      for (LogEntry entry : stored) {
        try {
          entries.add(codec.decode(entry.encoded().clone()));
        } catch (CorruptEntryException e) {
          return failed(
              new StorageException(
                  Kind.CORRUPT,
                  "%s: entry %d is damaged in memory: %s"
                      .formatted(identity, entry.index(), e.getMessage()),
                  e),
              context);
        }
      }
      return succeeded(entries, context);
    }

    @Override
    public Future<Void> close() {
      synchronized (data) {
        end();
        groups.remove(identity.groupId(), this);
        return succeeded(null, context);
      }
    }

    /** Every step is done at once, and none fails. */
    private final class Memory implements SnapshotMedium {
      @Override
      public <T> Future<T> call(Supplier<Future<T>> operation) {
        Future<T> done;
        synchronized (data) {
          done = operation.get();
        }
        return done.succeeded()
            ? MemoryStorage.succeeded(done.result(), context)
            : MemoryStorage.failed(done.cause(), context);
      }

      @Override
      public <T> Future<T> carryOut(Step step, long bytes, Work<T> work) {
        try {
          return Future.succeededFuture(work.all());
        } catch (StorageException e) {
          return Future.failedFuture(e);
        }
      }

      @Override
      public StorageException refusal() {
        return open ? null : MemoryStorage.closed(identity.toString());
      }

      @Override
      public boolean keepsUnsure() {
        return true;
      }
    }
  }
}
