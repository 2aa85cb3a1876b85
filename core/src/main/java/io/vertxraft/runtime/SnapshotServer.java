package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotReply.Outcome;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.StorageException;
import io.vertxraft.spi.StoredSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Gives this member's snapshots to others. A snapshot that somebody fetches stays open, and
 * so is not deleted, until nobody has asked for it for a while. What is read at a time for
 * one member is bounded; what it asks beyond waits, and beyond that is dropped, to be asked for
 * again. Confined to the node's context.
 */
final class SnapshotServer {
  private static final int PIECE_BYTES_MAX = 4 * 1024 * 1024;
  private static final int READS_MAX = 4;
  private static final int WAITING_MAX = 64;
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** An open snapshot. */
  private static final class Pin {
    final Future<StoredSnapshot> opening;
    long usedAt;
    int reads;

    Pin(Future<StoredSnapshot> opening) {
      this.opening = opening;
    }
  }

  /** A member that fetches. */
  private static final class Reader {
    final ArrayDeque<SnapshotRequest> waiting = new ArrayDeque<>();
    int reads;

    /** The snapshot whose manifest it is reading. */
    long manifestIndex;

    /** The snapshot of which it has been given the end of a file; 0 if that has been seen to. */
    long finishedIndex;
  }

  private final RaftScheduler scheduler;
  private final SnapshotStorage storage;
  private final SnapshotShelf shelf;
  private final BiConsumer<String, SnapshotReply> sender;
  private final BiConsumer<Long, Throwable> unreadable;
  private final TreeMap<Long, Pin> pins = new TreeMap<>();
  private final Map<String, Reader> readers = new LinkedHashMap<>();
  private RaftScheduler.Timer timer;
  private long sentBytes;
  private boolean stopped;

  /**
   * A server that has nothing open.
   *
   * @param sender takes the answers
   * @param unreadable told of a snapshot that turns out to be damaged, and of why
   */
  SnapshotServer(
      RaftScheduler scheduler,
      SnapshotStorage storage,
      SnapshotShelf shelf,
      BiConsumer<String, SnapshotReply> sender,
      BiConsumer<Long, Throwable> unreadable) {
    this.scheduler = scheduler;
    this.storage = storage;
    this.shelf = shelf;
    this.sender = sender;
    this.unreadable = unreadable;
  }

  long sentBytes() {
    return sentBytes;
  }

  /** A member asks. */
  void serve(String from, SnapshotRequest request) {
    Reader reader = readers.computeIfAbsent(from, ignored -> new Reader());
    if (!stopped && reader.waiting.size() < WAITING_MAX) {
      reader.waiting.add(request);
      next(from, reader);
    }
  }

  /** Closes whatever is open. */
  void stop() {
    stopped = true;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    readers.values().forEach(reader -> reader.waiting.clear());
    List.copyOf(pins.keySet()).forEach(this::unpin);
  }

  private void next(String to, Reader reader) {
    while (reader.reads < READS_MAX && !reader.waiting.isEmpty()) {
      SnapshotRequest request = reader.waiting.poll();
      reader.reads++;
      Calls.guarded(() -> answer(reader, request))
          .otherwise(cause -> refusal(request, Outcome.FAILED, String.valueOf(cause.getMessage())))
          .onSuccess(reply -> answered(to, reader, reply));
    }
  }

  private void answered(String to, Reader reader, SnapshotReply reply) {
    reader.reads--;
    if (stopped) {
      return;
    }
    if (reply.outcome() == Outcome.OK) {
      sentBytes += reply.data().length;
    }
    sender.accept(to, reply);
    if (!reader.waiting.isEmpty()) {
      // Later: answers may come at once, and each would go one deeper.
      scheduler.execute(() -> next(to, reader));
    }
  }

  private Future<SnapshotReply> answer(Reader reader, SnapshotRequest request) {
    if (!request.file().isEmpty()) {
      return piece(reader, request);
    }
    if (request.offset() > 0) {
      return manifest(reader, request, reader.manifestIndex);
    }
    return newestManifest(reader, request);
  }

  // --- manifests --------------------------------------------------------------------------------

  /** The newest that can be read; one that cannot is found out here. */
  private Future<SnapshotReply> newestManifest(Reader reader, SnapshotRequest request) {
    SnapshotManifest newest = shelf.newest();
    if (newest == null || newest.lastIndex() < request.lastIndex()) {
      return refused(request, "the newest here ends at index " + shelf.newestIndex());
    }
    long index = newest.lastIndex();
    if (reader.finishedIndex == index) {
      // Whoever had it all and asks anew has perhaps found it wrong: it may be damaged since it was
      // verified, and would stay open, and be wrong, for as long as somebody asks.
      reader.finishedIndex = 0;
      reopen(index);
    }
    return pin(index)
        .compose(
            open -> manifest(reader, request, index),
            // Found unreadable, it is not on the shelf any more: the next one, if there is one.
            cause ->
                foundUnreadable(index, cause)
                    ? newestManifest(reader, request)
                    : Future.failedFuture(cause));
  }

  private Future<SnapshotReply> manifest(Reader reader, SnapshotRequest request, long index) {
    Pin pin = pins.get(index);
    if (pin == null || !pin.opening.succeeded()) {
      return refused(request, "the manifest was closed meanwhile");
    }
    reader.manifestIndex = index;
    Buffer encoded = pin.opening.result().manifest().encode();
    long from = Math.min(request.offset(), encoded.length());
    long to = Math.min(from + bytesMax(request), encoded.length());
    // As it is: it is short, and deflating takes more time than this context has.
    SnapshotChunk part = SnapshotChunk.of(encoded.slice((int) from, (int) to));
    return Future.succeededFuture(reply(request, part));
  }

  // --- pieces -----------------------------------------------------------------------------------

  private Future<SnapshotReply> piece(Reader reader, SnapshotRequest request) {
    long index = request.lastIndex();
    boolean there =
        pins.containsKey(index)
            || shelf.readable().stream().anyMatch(manifest -> manifest.lastIndex() == index);
    if (!there) {
      return refused(request, "there is no snapshot that ends at index " + index);
    }
    return pin(index)
        .compose(open -> read(reader, open, request))
        .compose(
            Future::succeededFuture,
            cause ->
                foundUnreadable(index, cause)
                    ? refused(request, cause.getMessage())
                    : Future.failedFuture(cause));
  }

  private Future<SnapshotReply> read(Reader reader, StoredSnapshot open, SnapshotRequest request) {
    SnapshotFile file = open.manifest().file(request.file());
    if (file == null || request.offset() < 0 || request.offset() > file.bytes()) {
      return refused(
          request, "there is no byte %d of '%s'".formatted(request.offset(), request.file()));
    }
    Pin pin = pins.get(request.lastIndex());
    if (pin == null) {
      return refused(request, "the snapshot was closed meanwhile");
    }
    if (request.offset() + bytesMax(request) >= file.bytes()) {
      reader.finishedIndex = request.lastIndex();
    }
    pin.reads++;
    return open.read(request.file(), request.offset(), bytesMax(request), request.deflate())
        .map(chunk -> reply(request, chunk))
        .onComplete(done -> pin.reads--);
  }

  private static int bytesMax(SnapshotRequest request) {
    return Math.max(1, Math.min(request.bytesMax(), PIECE_BYTES_MAX));
  }

  // --- what is open -----------------------------------------------------------------------------

  private Future<StoredSnapshot> pin(long index) {
    Pin pin = pins.get(index);
    if (pin == null) {
      pin = new Pin(Calls.guarded(() -> storage.open(index)));
      pins.put(index, pin);
      pin.opening.onComplete(done -> opened(index, done.failed()));
      arm(IDLE_NANOS);
    }
    pin.usedAt = scheduler.nanoTime();
    return pin.opening;
  }

  private void opened(long index, boolean failed) {
    Pin pin = pins.get(index);
    if (pin != null && failed) {
      pins.remove(index);
    } else if (pin != null) {
      pin.usedAt = scheduler.nanoTime();
    }
  }

  /** Whether the trouble is with the snapshot itself; then it is taken off the shelf. */
  private boolean foundUnreadable(long index, Throwable cause) {
    boolean damaged =
        cause instanceof StorageException e
            && (e.kind() == StorageException.Kind.CORRUPT
                || e.kind() == StorageException.Kind.IO_ERROR);
    if (damaged && !stopped) {
      unpin(index);
      unreadable.accept(index, cause);
    }
    return damaged && !stopped;
  }

  /** Has it verified once more before the next answer, unless that is under way anyway. */
  private void reopen(long index) {
    Pin pin = pins.get(index);
    if (pin != null && pin.opening.isComplete()) {
      unpin(index);
    }
  }

  private void unpin(long index) {
    Pin pin = pins.remove(index);
    if (pin != null) {
      pin.opening.onSuccess(StoredSnapshot::close);
    }
  }

  private void arm(long nanos) {
    if (timer == null) {
      timer = scheduler.schedule(nanos, this::closeIdle);
    }
  }

  private void closeIdle() {
    timer = null;
    long now = scheduler.nanoTime();
    long next = Long.MAX_VALUE;
    Iterator<Map.Entry<Long, Pin>> open = pins.entrySet().iterator();
    while (open.hasNext()) {
      Pin pin = open.next().getValue();
      long left = pin.usedAt + IDLE_NANOS - now;
      if (left <= 0 && pin.reads == 0 && pin.opening.isComplete()) {
        open.remove();
        pin.opening.onSuccess(StoredSnapshot::close);
      } else {
        next = Math.min(next, left <= 0 ? IDLE_NANOS : left);
      }
    }
    if (!pins.isEmpty()) {
      arm(next);
    }
  }

  // --- answers ----------------------------------------------------------------------------------

  private static SnapshotReply reply(SnapshotRequest request, SnapshotChunk chunk) {
    return new SnapshotReply(
        request.requestId(), Outcome.OK, chunk.data().getBytes(), chunk.deflated(), chunk.length());
  }

  private static Future<SnapshotReply> refused(SnapshotRequest request, String why) {
    return Future.succeededFuture(refusal(request, Outcome.NOT_FOUND, why));
  }

  private static SnapshotReply refusal(SnapshotRequest request, Outcome outcome, String why) {
    byte[] text = why.getBytes(StandardCharsets.UTF_8);
    return new SnapshotReply(request.requestId(), outcome, text, false, text.length);
  }
}
