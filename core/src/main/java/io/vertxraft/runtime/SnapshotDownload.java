package io.vertxraft.runtime;

import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotDraft;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.StorageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Fetches a snapshot from another member: first its manifest, then what is missing of its
 * files, a few pieces at a time, in order. Pieces may arrive in any order, twice, or never: after a
 * while without any the missing ones are asked for again. What is there stays if it is given up,
 * for the next one to go on from. It ends once. Confined to the node's context.
 */
final class SnapshotDownload {
  private static final int STALLS_MAX = 5;
  private static final int MANIFESTS_MAX = 3;

  /** What becomes of it; called on the node's context. */
  interface Listener {
    /** The source and what it has are known; not everything is there yet. */
    void begun(SnapshotDownload download);

    /** Durable and verified. */
    void done(SnapshotManifest manifest);

    /** Given up, unless it was cancelled; what is there stays. */
    void failed(Throwable cause);
  }

  private final MemberParts parts;
  private final SnapshotOptions options;
  private final PeerCalls peerCalls;
  private final SnapshotShelf shelf;
  private final Listener listener;
  private final String leader;
  private final long term;
  private final long startedAt;
  private final ArrayDeque<String> sources;
  private final List<SnapshotPiece> window = new ArrayList<>();
  private long minIndex;
  private String source;
  private ManifestPieces encodedManifest;
  private SnapshotManifest manifest;
  private SnapshotDraft draft;
  private SnapshotPiece.Source pieces;
  private long bytesDone;
  private long receivedBytes;

  /** Rises when answers to what was asked before do not matter any more. */
  private int epoch;

  private RaftScheduler.Timer timer;
  private long lastArrival;
  private int stalls;
  private int manifests;
  private boolean pumping;
  private boolean publishing;
  private boolean over;

  /**
   * A download that has not begun.
   *
   * @param sources whom to ask, in this order
   */
  SnapshotDownload(
      MemberParts parts,
      PeerCalls peerCalls,
      SnapshotShelf shelf,
      Listener listener,
      String leader,
      InstallSnapshot offer,
      List<String> sources) {
    this.parts = parts;
    this.options = parts.options().getSnapshots();
    this.peerCalls = peerCalls;
    this.shelf = shelf;
    this.listener = listener;
    this.leader = leader;
    this.term = offer.term();
    this.minIndex = offer.minIndex();
    this.sources = new ArrayDeque<>(sources);
    this.startedAt = parts.scheduler().nanoTime();
  }

  /** How long a source may be silent, in milliseconds; a later answer is of no use. */
  static long silenceMaxMs(SnapshotOptions options) {
    return (STALLS_MAX + 1) * options.getChunkTimeoutMs();
  }

  void start() {
    nextSource("nobody to ask");
  }

  /** Whether what is fetched serves this offer too; takes note of it if so. */
  boolean serves(String from, InstallSnapshot offer) {
    if (publishing) {
      return true;
    }
    boolean same = from.equals(leader) && offer.term() == term;
    if (!same || (manifest != null && manifest.lastIndex() < offer.minIndex())) {
      return false;
    }
    minIndex = Math.max(minIndex, offer.minIndex());
    return true;
  }

  /** Whether it is the same leader's, or nobody is known to lead in its term. */
  boolean isFor(long currentTerm, String currentLeader) {
    return currentTerm == term && (currentLeader == null || currentLeader.equals(leader));
  }

  /** Whether everything is there, and only the disk is at work: this is not cancelled any more. */
  boolean isPublishing() {
    return publishing;
  }

  long startedAt() {
    return startedAt;
  }

  /** Whom it is fetched from. */
  String source() {
    return source;
  }

  /** Where the snapshot ends; 0 before that is known. */
  long lastIndex() {
    return manifest == null ? 0 : manifest.lastIndex();
  }

  long bytesDone() {
    return bytesDone;
  }

  long bytesTotal() {
    return manifest == null ? 0 : manifest.bytes();
  }

  /** Bytes that have come over the network. */
  long receivedBytes() {
    return receivedBytes;
  }

  /** Gives it up without a word; what is there stays. */
  void cancel() {
    if (!over) {
      over = true;
      letGo();
    }
  }

  private void fail(Throwable cause) {
    if (!over) {
      over = true;
      letGo();
      listener.failed(cause);
    }
  }

  private void letGo() {
    epoch++;
    stopTimer();
    window.clear();
    SnapshotDraft held = draft;
    draft = null;
    if (held != null && !publishing) {
      Calls.guarded(held::close);
    }
  }

  // --- the manifest -----------------------------------------------------------------------------

  private void nextSource(String whyNotTheLast) {
    letGo();
    String next = sources.poll();
    if (next == null) {
      fail(new VertxException(whyNotTheLast, true));
      return;
    }
    source = next;
    manifests = 0;
    askManifest();
  }

  private void askManifest() {
    letGo();
    manifest = null;
    encodedManifest = new ManifestPieces();
    manifests++;
    stalls = 0;
    arrivedSomething();
    askManifestPiece();
  }

  private void askManifestPiece() {
    int asked = epoch;
    int offset = encodedManifest.bytes();
    peerCalls
        .snapshot(source, minIndex, "", offset, ManifestPieces.PIECE_BYTES, options.isCompressed())
        .onSuccess(
            reply -> {
              if (asked == epoch && manifest == null && encodedManifest.bytes() == offset) {
                manifestArrived(reply);
              }
            });
  }

  private void manifestArrived(SnapshotReply reply) {
    if (reply.outcome() != SnapshotReply.Outcome.OK) {
      nextSource(
          "%s has no snapshot that ends at index %d or later: %s"
              .formatted(source, minIndex, text(reply)));
      return;
    }
    receivedBytes += reply.data().length;
    stalls = 0;
    arrivedSomething();
    try {
      manifest = encodedManifest.add(chunk(reply));
    } catch (IllegalArgumentException e) {
      nextSource("%s has sent no manifest: %s".formatted(source, e.getMessage()));
      return;
    }
    if (manifest == null) {
      askManifestPiece();
      return;
    }
    encodedManifest = null;
    if (manifest.lastIndex() < minIndex && manifests < MANIFESTS_MAX) {
      // Good enough when it was asked for; the leader has gone on meanwhile.
      askManifest();
      return;
    }
    String refusal = ManifestPieces.refusal(parts, source, manifest, minIndex);
    if (refusal == null) {
      tellProgress();
      receive();
    } else {
      fail(new VertxException(refusal, true));
    }
  }

  // --- the files --------------------------------------------------------------------------------

  private void receive() {
    int asked = epoch;
    SnapshotManifest wanted = manifest;
    shelf
        .clear(wanted.lastIndex())
        .compose(ignored -> parts.storage().snapshots().receive(wanted))
        .onComplete(
            done -> {
              if (asked != epoch) {
                if (done.succeeded()) {
                  Calls.guarded(done.result()::close);
                }
              } else if (done.failed()) {
                fail(done.cause());
              } else {
                received(done.result());
              }
            });
  }

  private void received(SnapshotDraft opened) {
    draft = opened;
    pieces = new SnapshotPiece.Source(manifest, draft, options.getChunkBytes());
    bytesDone = manifest.files().stream().map(SnapshotFile::name).mapToLong(draft::bytes).sum();
    tellProgress();
    listener.begun(this);
    pump();
  }

  /** A loop, and never inside itself: the draft may complete an append at once. */
  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (!over && draft != null && step()) {
        // One thing after the other until there is nothing left to do at once.
      }
    } finally {
      pumping = false;
    }
  }

  private boolean step() {
    if (!window.isEmpty() && window.get(0).appended) {
      bytesDone += window.remove(0).length;
      tellProgress();
      return true;
    }
    for (SnapshotPiece piece : window) {
      if (piece.chunk == null) {
        break;
      }
      if (!piece.handedOver) {
        handOver(piece);
        return true;
      }
    }
    if (window.size() < options.getChunksInFlightMax()) {
      SnapshotPiece next = pieces.next();
      if (next != null) {
        window.add(next);
        ask(next);
        return true;
      }
      if (window.isEmpty() && !publishing) {
        publish();
      }
    }
    return false;
  }

  private void ask(SnapshotPiece piece) {
    if (piece.length == 0) {
      piece.chunk = SnapshotChunk.of(Buffer.buffer());
      return;
    }
    if (window.stream().noneMatch(other -> other != piece && other.chunk == null)) {
      lastArrival = parts.scheduler().nanoTime();
    }
    int asked = epoch;
    int length = piece.length;
    peerCalls
        .snapshot(
            source, manifest.lastIndex(), piece.file, piece.offset, length, options.isCompressed())
        .onSuccess(
            reply -> {
              if (asked == epoch && piece.chunk == null) {
                arrived(piece, length, reply);
              }
            });
  }

  private void arrived(SnapshotPiece piece, int askedBytes, SnapshotReply reply) {
    if (reply.outcome() == SnapshotReply.Outcome.NOT_FOUND && manifests < MANIFESTS_MAX) {
      // It was deleted over there, or the other process is a new one: there may be a newer one.
      askManifest();
      return;
    }
    if (reply.outcome() != SnapshotReply.Outcome.OK) {
      nextSource("%s cannot read its snapshot: %s".formatted(source, text(reply)));
      return;
    }
    if (reply.length() < 1 || reply.length() > askedBytes) {
      nextSource(
          "%s was asked for %d bytes of '%s' and sent %d"
              .formatted(source, askedBytes, piece.file, reply.length()));
      return;
    }
    receivedBytes += reply.data().length;
    stalls = 0;
    manifests = 1;
    arrivedSomething();
    piece.chunk = chunk(reply);
    if (reply.length() < askedBytes) {
      SnapshotPiece rest = piece.split(reply.length());
      window.add(window.indexOf(piece) + 1, rest);
      ask(rest);
    }
    pump();
  }

  private void handOver(SnapshotPiece piece) {
    int asked = epoch;
    piece.handedOver = true;
    Calls.guarded(() -> draft.append(piece.file, piece.chunk))
        .onComplete(
            done -> {
              if (asked != epoch) {
                return;
              }
              if (done.failed()) {
                fail(done.cause());
              } else {
                piece.appended = true;
                pump();
              }
            });
  }

  private void tellProgress() {
    parts.core().snapshots().progress(lastIndex(), bytesDone, bytesTotal());
  }

  private void publish() {
    publishing = true;
    stopTimer();
    SnapshotDraft complete = draft;
    Calls.guarded(complete::publish)
        .onComplete(
            done -> {
              if (over) {
                return;
              }
              publishing = false;
              if (done.succeeded()) {
                over = true;
                listener.done(done.result());
              } else {
                notPublished(complete, done.cause());
              }
            });
  }

  private void notPublished(SnapshotDraft complete, Throwable cause) {
    shelf.foundUnreadable(manifest.lastIndex());
    if (cause instanceof StorageException e && e.kind() == StorageException.Kind.CORRUPT) {
      // Nobody knows which piece is wrong: all of it comes anew.
      draft = null;
      Calls.guarded(complete::discard);
    }
    fail(cause);
  }

  // --- time -------------------------------------------------------------------------------------

  private void arrivedSomething() {
    lastArrival = parts.scheduler().nanoTime();
    if (timer == null) {
      arm(timeoutNanos());
    }
  }

  private long timeoutNanos() {
    return TimeUnit.MILLISECONDS.toNanos(options.getChunkTimeoutMs());
  }

  private void arm(long nanos) {
    timer = parts.scheduler().schedule(Math.max(1, nanos), this::timeIsUp);
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** Looks how long nothing has arrived; the timer is not moved with every arrival. */
  private void timeIsUp() {
    timer = null;
    long now = parts.scheduler().nanoTime();
    List<SnapshotPiece> missing = window.stream().filter(p -> p.chunk == null).toList();
    boolean waiting = encodedManifest != null || !missing.isEmpty();
    long left = waiting ? lastArrival + timeoutNanos() - now : timeoutNanos();
    if (left <= 0) {
      stalls++;
      // Who has not said anything yet may be dead: there are others to ask first.
      boolean silent = encodedManifest != null && encodedManifest.bytes() == 0;
      if (stalls > STALLS_MAX || (silent && !sources.isEmpty())) {
        nextSource(
            "%s has sent nothing for %d times snapshots.chunkTimeoutMs = %d"
                .formatted(source, stalls, options.getChunkTimeoutMs()));
        return;
      }
      lastArrival = now;
      if (encodedManifest != null) {
        askManifestPiece();
      } else {
        missing.forEach(this::ask);
      }
    }
    arm(left > 0 ? left : timeoutNanos());
  }

  private static SnapshotChunk chunk(SnapshotReply reply) {
    return new SnapshotChunk(Buffer.buffer(reply.data()), reply.deflated(), reply.length());
  }

  private static String text(SnapshotReply reply) {
    return new String(reply.data(), StandardCharsets.UTF_8);
  }
}
