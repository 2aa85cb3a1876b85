package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.RaftOptions;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotManifest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * One snapshot on its way from the state machine to the disk. The state is captured
 * between two batches; what the state machine then writes goes to the draft in order, few pieces at
 * a time, while applying goes on. It ends once, whatever state machine and disk do later.
 */
final class SnapshotSave implements Applier.Visit, DraftWriter.Sink {
  private static final int APPENDS_MAX = 4;
  private static final int PIECE_BYTES = 256 * 1024;

  /** What becomes of it; called on the node's context. */
  interface Listener {
    /** Durable and verified. */
    void saved(SnapshotSave save, SnapshotManifest manifest);

    /** Given up; called instead of {@link #saved}. */
    void failed(SnapshotSave save, Throwable cause);

    /** Durable and verified after all, though it had been given up. */
    void savedLate(SnapshotManifest manifest);
  }

  private enum Kind {
    BEGIN,
    DATA,
    END
  }

  /** Something the state machine has written, and how much of it was handed to the draft. */
  private static final class Item {
    final Kind kind;
    final String file;
    final Buffer data;
    final Handler<Throwable> done;
    int handedOver;
    int underWay;
    boolean finished;

    Item(Kind kind, String file, Buffer data, Handler<Throwable> done) {
      this.kind = kind;
      this.file = file;
      this.data = data;
      this.done = done;
    }

    /** Tells once: of several pieces more than one may fail. */
    void finish(Throwable cause) {
      if (!finished) {
        finished = true;
        done.handle(cause);
      }
    }
  }

  private final MemberParts parts;
  private final Applier applier;
  private final SnapshotShelf shelf;
  private final Listener listener;
  private final String why;
  private final boolean byItself;
  private final long startedAt;
  private final ArrayDeque<Item> queue = new ArrayDeque<>();

  /** Handed over to the draft, which has not answered yet. */
  private final List<Item> handedOver = new ArrayList<>();

  private final Set<String> unfinished = new TreeSet<>();
  private RaftScheduler.Timer timer;
  private DraftWriter writer;
  private SnapshotManifest head;
  private SnapshotDraft draft;
  private long sum;
  private long bytesDone;
  private int underWay;
  private boolean draftWanted;
  private boolean pumping;
  private boolean stateMachineDone;
  private boolean publishing;
  private boolean over;
  private boolean stopped;

  /**
   * A save that has not begun.
   *
   * @param why the occasion, in words
   * @param byItself whether nobody has asked for it
   */
  SnapshotSave(
      MemberParts parts,
      Applier applier,
      SnapshotShelf shelf,
      Listener listener,
      String why,
      boolean byItself) {
    this.parts = parts;
    this.applier = applier;
    this.shelf = shelf;
    this.listener = listener;
    this.why = why;
    this.byItself = byItself;
    this.startedAt = parts.scheduler().nanoTime();
  }

  /** Waits for the moment between two batches. */
  void start() {
    long longestMs = parts.options().getSnapshots().getSaveTimeoutMs();
    timer =
        parts
            .scheduler()
            .schedule(
                TimeUnit.MILLISECONDS.toNanos(longestMs),
                () -> giveUp(new VertxException(tooLong(longestMs), true)));
    applier.visit(this);
  }

  private String tooLong(long longestMs) {
    String waitedFor =
        head == null
            ? "the batch being applied has not ended"
            : publishing ? "the disk has not finished" : "the state machine has not finished";
    return "the snapshot was not saved within snapshots.saveTimeoutMs = %d: %s"
        .formatted(longestMs, waitedFor);
  }

  String why() {
    return why;
  }

  boolean isByItself() {
    return byItself;
  }

  long startedAt() {
    return startedAt;
  }

  /** Last index of what is saved; 0 before the state is captured. */
  long lastIndex() {
    return head == null ? 0 : head.lastIndex();
  }

  /** Bytes of all entries applied when the state was captured. */
  long sum() {
    return sum;
  }

  long bytesDone() {
    return bytesDone;
  }

  /** Whether the state machine has done its part, and only the disk is at work. */
  boolean isPublishing() {
    return publishing;
  }

  // --- the state machine ------------------------------------------------------------------------

  @Override
  public void begin(long index) {
    sum = applier.sizes().total();
    RaftOptions options = parts.options();
    head =
        new SnapshotManifest(
            options.getClusterId(),
            options.getGroupId(),
            index,
            parts.core().log().termAt(index),
            parts.core().term(),
            parts.core().configuration(),
            applier.sessions().encode(),
            parts.scheduler().wallMillis(),
            List.of());
    writer = new DraftWriter(index, head.lastTerm(), parts.stateMachineContext(), this);
  }

  @Override
  public void call() {
    Future<Void> written;
    try {
      written =
          Objects.requireNonNull(
              parts.stateMachine().saveSnapshot(writer),
              "StateMachine.saveSnapshot returned null instead of a future");
    } catch (Throwable t) {
      written = Future.failedFuture(t);
    }
    written.onComplete(done -> parts.scheduler().execute(() -> written(done.cause())));
  }

  /** A state machine without snapshots has said so by now, and costs the disk nothing. */
  @Override
  public void returned() {
    if (over || draftWanted) {
      return;
    }
    draftWanted = true;
    shelf
        .clear(head.lastIndex())
        .compose(ignored -> parts.storage().snapshots().save(head))
        .onComplete(done -> opened(done.result(), done.cause()));
  }

  private void written(Throwable cause) {
    if (cause != null) {
      giveUp(cause);
    } else if (!over) {
      stateMachineDone = true;
      pump();
    }
  }

  // --- what it writes ---------------------------------------------------------------------------

  @Override
  public void begin(String file) {
    add(new Item(Kind.BEGIN, file, Buffer.buffer(), ignored -> {}));
  }

  @Override
  public void append(String file, Buffer data, Handler<Throwable> done) {
    add(new Item(Kind.DATA, file, data, done));
  }

  @Override
  public void end(String file, Handler<Throwable> done) {
    add(new Item(Kind.END, file, Buffer.buffer(), done));
  }

  private void add(Item item) {
    parts
        .scheduler()
        .execute(
            () -> {
              if (over) {
                item.finish(new VertxException("the snapshot is not being saved any more", true));
              } else {
                queue.add(item);
                pump();
              }
            });
  }

  private void opened(SnapshotDraft opened, Throwable cause) {
    if (cause != null) {
      giveUp(cause);
    } else if (over) {
      Calls.guarded(opened::discard);
    } else {
      draft = opened;
      pump();
    }
  }

  /** A loop, and never inside itself: the draft may complete an append at once. */
  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (!over && draft != null && !queue.isEmpty() && handOver(queue.peek())) {
        if (!over && queue.peek().handedOver >= queue.peek().data.length()) {
          queue.poll();
        }
      }
    } finally {
      pumping = false;
    }
    if (!over && stateMachineDone && draft != null && queue.isEmpty() && underWay == 0) {
      publish();
    }
  }

  /** Hands over a piece of the item, if there is room for one under way. */
  private boolean handOver(Item item) {
    if (item.kind == Kind.END) {
      // Only when everything before it is written.
      if (underWay > 0) {
        return false;
      }
      unfinished.remove(item.file);
      item.finish(null);
      return true;
    }
    if (underWay == APPENDS_MAX) {
      return false;
    }
    if (item.kind == Kind.BEGIN) {
      unfinished.add(item.file);
    }
    if (item.handedOver == 0) {
      handedOver.add(item);
    }
    int end = Math.min(item.data.length(), item.handedOver + PIECE_BYTES);
    Buffer piece = item.data.slice(item.handedOver, end);
    item.handedOver = end;
    item.underWay++;
    underWay++;
    Calls.guarded(() -> draft.append(item.file, SnapshotChunk.of(piece)))
        .onComplete(done -> appended(item, piece.length(), done.cause()));
    return true;
  }

  private void appended(Item item, int bytes, Throwable cause) {
    underWay--;
    item.underWay--;
    if (cause != null) {
      item.finish(cause);
      giveUp(cause);
      return;
    }
    bytesDone += bytes;
    if (item.underWay == 0 && item.handedOver == item.data.length()) {
      handedOver.remove(item);
      item.finish(null);
    }
    pump();
  }

  // --- the end ----------------------------------------------------------------------------------

  private void publish() {
    if (publishing) {
      return;
    }
    if (!unfinished.isEmpty()) {
      giveUp(
          new IllegalStateException(
              "StateMachine.saveSnapshot is done, but has not ended the file '%s'"
                  .formatted(unfinished.iterator().next())));
      return;
    }
    publishing = true;
    shelf.publishing(head.lastIndex());
    Calls.guarded(draft::publish).onComplete(done -> published(done.result(), done.cause()));
  }

  private void published(SnapshotManifest manifest, Throwable cause) {
    if (stopped) {
      return;
    }
    if (cause != null) {
      shelf.notPublished(head.lastIndex());
      giveUp(cause);
    } else if (over) {
      listener.savedLate(manifest);
    } else {
      over = true;
      timer.cancel();
      listener.saved(this, manifest);
    }
  }

  /** The member has ended: nothing is told any more. */
  void stop(Throwable cause) {
    stopped = true;
    giveUp(cause);
  }

  /** Nobody wants it any more. Does nothing once it has ended. */
  void giveUp(Throwable cause) {
    if (over) {
      return;
    }
    over = true;
    timer.cancel();
    applier.forget(this);
    if (writer != null) {
      writer.giveUp(cause);
    }
    // The disk may never answer; who has written is told now.
    handedOver.forEach(item -> item.finish(cause));
    queue.forEach(item -> item.finish(cause));
    handedOver.clear();
    queue.clear();
    if (draft != null) {
      Calls.guarded(draft::discard);
    }
    if (!stopped) {
      listener.failed(this, cause);
    }
  }
}
