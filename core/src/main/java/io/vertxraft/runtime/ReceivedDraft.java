package io.vertxraft.runtime;

import io.vertx.core.AsyncResult;
import io.vertx.core.VertxException;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import java.util.concurrent.TimeUnit;

/**
 * The disk's part of a download: a draft, whose calls are waited for no longer than {@code
 * snapshots.receiveTimeoutMs}. A call that is answered later answers nobody, except that a
 * snapshot that is published after all is there. Ends once. Confined to the node's context.
 */
final class ReceivedDraft {
  /** What becomes of it; called on the node's context. */
  interface Listener {
    /** What is there already is known. */
    void opened();

    /** It is of no more use, and closed; what is there stays unless it is wrong. */
    void failed(Throwable cause);

    /** Durable and verified. */
    void published(SnapshotManifest manifest);

    /** Durable and verified after all, though it had been given up. */
    void publishedLate(SnapshotManifest manifest);
  }

  private enum Phase {
    OPENING("opening a draft"),
    WRITING("writing a piece"),
    PUBLISHING("syncing and verifying everything");

    private final String words;

    Phase(String words) {
      this.words = words;
    }
  }

  private final MemberParts parts;
  private final SnapshotShelf shelf;
  private final SnapshotManifest manifest;
  private final Listener listener;
  private final long timeoutMs;
  private SnapshotDraft draft;
  private Phase phase = Phase.OPENING;
  private boolean opening;
  private boolean over;

  /** Calls that the disk has not answered. */
  private int underWay;

  /** When it last answered one, or had none to answer. */
  private long waitingSince;

  private RaftScheduler.Timer timer;

  ReceivedDraft(
      MemberParts parts, SnapshotShelf shelf, SnapshotManifest manifest, Listener listener) {
    this.parts = parts;
    this.shelf = shelf;
    this.manifest = manifest;
    this.listener = listener;
    this.timeoutMs = parts.options().getSnapshots().getReceiveTimeoutMs();
  }

  /** Begins, or goes on with what is left of an earlier one. */
  void open() {
    opening = true;
    begun();
    shelf
        .clear(manifest.lastIndex())
        .compose(ignored -> Calls.guarded(() -> parts.storage().snapshots().receive(manifest)))
        .onComplete(this::opened);
  }

  private void opened(AsyncResult<SnapshotDraft> done) {
    opening = false;
    if (over) {
      if (done.succeeded()) {
        Calls.guarded(done.result()::close);
      }
      return;
    }
    ended();
    if (done.succeeded()) {
      draft = done.result();
      phase = Phase.WRITING;
      listener.opened();
    } else {
      fail(done.cause());
    }
  }

  /** Whether the disk has still to say that the draft is open, though nobody may wait for it. */
  boolean isOpening() {
    return opening;
  }

  /** Whether everything is there, and only the disk is at work. */
  boolean isPublishing() {
    return !over && phase == Phase.PUBLISHING;
  }

  /** What there is to write to. */
  SnapshotDraft draft() {
    return draft;
  }

  /** Appends a piece that has arrived; {@code appended} is called unless this fails. */
  void append(SnapshotPiece piece, Runnable appended) {
    begun();
    Calls.guarded(() -> draft.append(piece.file, piece.chunk))
        .onComplete(
            done -> {
              if (over) {
                return;
              }
              ended();
              if (done.succeeded()) {
                appended.run();
              } else {
                fail(done.cause());
              }
            });
  }

  /** Everything is there. */
  void publish() {
    phase = Phase.PUBLISHING;
    begun();
    shelf.publishing(manifest.lastIndex());
    Calls.guarded(draft::publish).onComplete(this::published);
  }

  private void published(AsyncResult<SnapshotManifest> done) {
    if (done.failed()) {
      shelf.notPublished(manifest.lastIndex());
      if (!over && isCorrupt(done.cause())) {
        // Nobody knows which piece is wrong: all of it comes anew.
        Calls.guarded(draft::discard);
        draft = null;
      }
      fail(done.cause());
    } else if (over) {
      listener.publishedLate(done.result());
    } else {
      end();
      listener.published(done.result());
    }
  }

  private static boolean isCorrupt(Throwable cause) {
    return cause instanceof StorageException e && e.kind() == StorageException.Kind.CORRUPT;
  }

  /** Lets go without a word; what is there stays. Does nothing once it has ended. */
  void close() {
    if (!over) {
      end();
      if (draft != null) {
        Calls.guarded(draft::close);
      }
    }
  }

  private void fail(Throwable cause) {
    if (!over) {
      close();
      listener.failed(cause);
    }
  }

  private void end() {
    over = true;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  // --- time -------------------------------------------------------------------------------------

  private void begun() {
    underWay++;
    if (underWay == 1) {
      waitingSince = parts.scheduler().nanoTime();
      if (timer == null) {
        arm(timeoutNanos());
      }
    }
  }

  private void ended() {
    underWay--;
    waitingSince = parts.scheduler().nanoTime();
  }

  private long timeoutNanos() {
    return TimeUnit.MILLISECONDS.toNanos(timeoutMs);
  }

  private void arm(long nanos) {
    timer = parts.scheduler().schedule(nanos, this::timeIsUp);
  }

  /** Looks how long nothing has been answered; the timer is not moved with every answer. */
  private void timeIsUp() {
    timer = null;
    long left = waitingSince + timeoutNanos() - parts.scheduler().nanoTime();
    if (underWay > 0 && left <= 0) {
      fail(
          new VertxException(
              "the disk has not finished within snapshots.receiveTimeoutMs = %d: %s"
                  .formatted(timeoutMs, phase.words),
              true));
    } else if (underWay > 0) {
      arm(left);
    }
  }
}
