package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StoredSnapshot;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Snapshots in memory that fail, hang, or die when the test says so. */
final class MemorySnapshots implements SnapshotStorage {
  /** What a storage does, each a place where it may go wrong. */
  enum Step {
    SAVE,
    RECEIVE,
    APPEND,
    SYNC,
    RENAME,
    VERIFY,
    OPEN,
    READ,
    DELETE,
    DISCARD,
    CLOSE
  }

  /** How it goes wrong. */
  enum Fault {
    /** The call fails, and nothing happens. */
    FAILS,
    /** The call throws at once. */
    THROWS,
    /** The call is not answered, and nothing happens, until {@link #release}. */
    HANGS,
    /** Nothing happens, and nothing does after it: the process is gone. */
    DIES
  }

  private record Held(Step step, Runnable work) {}

  /** A published snapshot. */
  static final class Published {
    final SnapshotManifest manifest;
    final Map<String, Buffer> files;
    int open;
    boolean deleted;

    Published(SnapshotManifest manifest, Map<String, Buffer> files) {
      this.manifest = manifest;
      this.files = files;
    }
  }

  private final ManualScheduler scheduler;
  final NavigableMap<Long, Published> published = new TreeMap<>();
  final Map<Step, Integer> calls = new EnumMap<>(Step.class);
  private final Map<Step, Fault> faults = new EnumMap<>(Step.class);
  private final Map<Step, Integer> faultAt = new EnumMap<>(Step.class);
  private final List<Held> held = new ArrayList<>();

  /** What was received and not published, by name. */
  private Map<String, Buffer> received = new LinkedHashMap<>();

  StorageException failure = new StorageException(StorageException.Kind.DISK_FULL, "disk is full");

  /** Whether appends are answered before the call returns. */
  boolean immediate;

  private boolean dead;
  private int appendsUnderWay;

  /** The most appends that were under way together, and the most bytes of one. */
  int appendsUnderWayMax;

  int appendBytesMax;

  MemorySnapshots(ManualScheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** From now on each such call goes wrong. */
  void fault(Step step, Fault fault) {
    faults.put(step, fault);
    faultAt.remove(step);
  }

  /** The call of this kind that comes after {@code before} others goes wrong, and no other. */
  void faultOnce(Step step, Fault fault, int before) {
    faults.put(step, fault);
    faultAt.put(step, calls.getOrDefault(step, 0) + before + 1);
  }

  void noFaults() {
    faults.clear();
    faultAt.clear();
  }

  /** What hangs goes on. */
  void release() {
    List<Held> waiting = List.copyOf(held);
    held.clear();
    waiting.forEach(call -> scheduler.execute(call.work()));
  }

  /** The process starts again: nothing is open, nothing hangs, what was saved is gone. */
  void restart() {
    dead = false;
    held.clear();
    noFaults();
    published.values().removeIf(snapshot -> snapshot.deleted);
    published.values().forEach(snapshot -> snapshot.open = 0);
  }

  /** Puts a snapshot there as an earlier life would have. */
  SnapshotManifest put(SnapshotManifest head, Map<String, Buffer> files) {
    SnapshotManifest manifest = head.withFiles(describe(files));
    published.put(head.lastIndex(), new Published(manifest, files));
    return manifest;
  }

  /** Changes a byte of the snapshot on disk. */
  void damage(long lastIndex) {
    Map<String, Buffer> files = published.get(lastIndex).files;
    String name = files.keySet().iterator().next();
    Buffer content = files.get(name).copy();
    content.setByte(0, (byte) (content.getByte(0) ^ 1));
    files.put(name, content);
  }

  boolean isGood(long lastIndex) {
    Published snapshot = published.get(lastIndex);
    return describe(snapshot.files).equals(snapshot.manifest.files());
  }

  int openReaders() {
    return published.values().stream().mapToInt(snapshot -> snapshot.open).sum();
  }

  private <T> Future<T> call(Step step, Supplier<T> work) {
    int count = calls.merge(step, 1, Integer::sum);
    Fault fault = faults.get(step);
    Integer at = faultAt.get(step);
    Promise<T> promise = Promise.promise();
    Runnable run =
        () -> {
          if (dead) {
            return;
          }
          T result;
          try {
            result = work.get();
          } catch (RuntimeException e) {
            promise.fail(e);
            return;
          }
          promise.complete(result);
        };
    if (dead) {
      return promise.future();
    }
    if (fault != null && (at == null || at == count)) {
      switch (fault) {
        case FAILS -> scheduler.execute(() -> promise.fail(failure));
        case THROWS -> throw failure;
        case HANGS -> held.add(new Held(step, run));
        case DIES -> dead = true;
      }
    } else if (immediate && step == Step.APPEND) {
      run.run();
    } else {
      scheduler.execute(run);
    }
    return promise.future();
  }

  static List<SnapshotFile> describe(Map<String, Buffer> files) {
    List<SnapshotFile> list = new ArrayList<>();
    files.forEach(
        (name, content) -> list.add(new SnapshotFile(name, content.length(), sha256(content))));
    return list;
  }

  private static String sha256(Buffer content) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<SnapshotManifest> list() {
    return published.descendingMap().values().stream()
        .filter(snapshot -> !snapshot.deleted)
        .map(snapshot -> snapshot.manifest)
        .toList();
  }

  @Override
  public Future<SnapshotDraft> save(SnapshotManifest head) {
    return call(Step.SAVE, () -> new Draft(head, false, new LinkedHashMap<>()));
  }

  @Override
  public Future<SnapshotDraft> receive(SnapshotManifest manifest) {
    return call(
        Step.RECEIVE,
        () -> {
          received.keySet().removeIf(name -> manifest.file(name) == null);
          return new Draft(manifest, true, received);
        });
  }

  @Override
  public Future<StoredSnapshot> open(long lastIndex) {
    return call(
        Step.OPEN,
        () -> {
          Published snapshot = published.get(lastIndex);
          if (snapshot == null || snapshot.deleted) {
            throw new StorageException(StorageException.Kind.IO_ERROR, "there is none");
          }
          verify(lastIndex);
          return new Opened(snapshot);
        });
  }

  private void verify(long lastIndex) {
    if (!isGood(lastIndex)) {
      throw new StorageException(
          StorageException.Kind.CORRUPT, "snapshot %d is damaged".formatted(lastIndex));
    }
  }

  @Override
  public Future<Void> delete(long lastIndex) {
    Published snapshot = published.get(lastIndex);
    if (snapshot != null && !faults.containsKey(Step.DELETE)) {
      snapshot.deleted = true;
    }
    return call(
        Step.DELETE,
        () -> {
          if (snapshot != null) {
            snapshot.deleted = true;
            removeIfUnused(lastIndex);
          }
          return null;
        });
  }

  private void removeIfUnused(long lastIndex) {
    Published snapshot = published.get(lastIndex);
    if (snapshot != null && snapshot.deleted && snapshot.open == 0) {
      published.remove(lastIndex);
    }
  }

  private final class Opened implements StoredSnapshot {
    private final Published snapshot;
    private boolean closed;

    Opened(Published snapshot) {
      this.snapshot = snapshot;
      snapshot.open++;
    }

    @Override
    public SnapshotManifest manifest() {
      return snapshot.manifest;
    }

    @Override
    public Future<SnapshotChunk> read(String file, long offset, int bytesMax, boolean deflate) {
      return call(
          Step.READ,
          () -> {
            if (closed) {
              throw new IllegalStateException("read after close");
            }
            Buffer content = snapshot.files.get(file);
            int end = (int) Math.min(content.length(), offset + bytesMax);
            Buffer piece = content.slice((int) offset, end);
            return deflate ? SnapshotChunk.deflate(piece) : SnapshotChunk.of(piece);
          });
    }

    @Override
    public Future<Void> close() {
      if (!closed) {
        closed = true;
        snapshot.open--;
        removeIfUnused(snapshot.manifest.lastIndex());
      }
      return Future.succeededFuture();
    }
  }

  private final class Draft implements SnapshotDraft {
    private final SnapshotManifest manifest;
    private final boolean isReceived;
    private final Map<String, Buffer> files;
    private boolean over;

    Draft(SnapshotManifest manifest, boolean isReceived, Map<String, Buffer> files) {
      this.manifest = manifest;
      this.isReceived = isReceived;
      this.files = files;
    }

    @Override
    public long bytes(String file) {
      return files.containsKey(file) ? files.get(file).length() : 0;
    }

    @Override
    public Future<Void> append(String file, SnapshotChunk chunk) {
      appendsUnderWayMax = Math.max(appendsUnderWayMax, ++appendsUnderWay);
      appendBytesMax = Math.max(appendBytesMax, chunk.length());
      return appendNow(file, chunk).onComplete(done -> appendsUnderWay--);
    }

    private Future<Void> appendNow(String file, SnapshotChunk chunk) {
      return call(
          Step.APPEND,
          () -> {
            if (over) {
              throw new StorageException(StorageException.Kind.CLOSED, "the draft is closed");
            }
            files.computeIfAbsent(file, ignored -> Buffer.buffer()).appendBuffer(chunk.content());
            return null;
          });
    }

    @Override
    public Future<SnapshotManifest> publish() {
      return call(Step.SYNC, () -> null)
          .compose(ignored -> call(Step.RENAME, this::rename))
          .compose(ignored -> call(Step.VERIFY, this::verified));
    }

    private Void rename() {
      if (over) {
        throw new StorageException(StorageException.Kind.CLOSED, "the draft is closed");
      }
      List<SnapshotFile> found = isReceived ? describe(inOrderOf(manifest)) : describe(files);
      if (isReceived && !found.equals(manifest.files())) {
        throw new StorageException(StorageException.Kind.CORRUPT, "other bytes than announced");
      }
      over = true;
      published.putIfAbsent(
          manifest.lastIndex(),
          new Published(manifest.withFiles(found), new LinkedHashMap<>(files)));
      if (isReceived) {
        received = new LinkedHashMap<>();
      }
      return null;
    }

    private Map<String, Buffer> inOrderOf(SnapshotManifest wanted) {
      Map<String, Buffer> ordered = new LinkedHashMap<>();
      for (SnapshotFile file : wanted.files()) {
        if (files.containsKey(file.name())) {
          ordered.put(file.name(), files.get(file.name()));
        }
      }
      return ordered;
    }

    private SnapshotManifest verified() {
      verify(manifest.lastIndex());
      return published.get(manifest.lastIndex()).manifest;
    }

    @Override
    public Future<Void> discard() {
      return call(
          Step.DISCARD,
          () -> {
            if (!over && isReceived) {
              received = new LinkedHashMap<>();
            }
            over = true;
            return null;
          });
    }

    @Override
    public Future<Void> close() {
      return call(
          Step.CLOSE,
          () -> {
            over = true;
            return null;
          });
    }
  }
}
