package io.vertxraft.runtime;

import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.spi.RaftScheduler;
import io.vertxraft.spi.SnapshotChunk;
import io.vertxraft.spi.SnapshotFile;
import io.vertxraft.spi.SnapshotManifest;
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
final class SnapshotDownload implements ReceivedDraft.Listener {
  private static final int STALLS_MAX = 5;
  private static final int MANIFESTS_MAX = 3;

  /** What becomes of it; called on the node's context. */
  interface Listener {
    /** The source and what it has are known; not everything is there yet. */
    void begun(SnapshotDownload download);

    /** Durable and verified. */
    void done(SnapshotManifest manifest);

    /**
     * Given up, unless it was cancelled; what is there stays.
     *
     * @param bySources whether only those have failed that were asked, and the network to them
     */
    void failed(Throwable cause, boolean bySources);

    /** Durable and verified after all, though it had been given up. */
    void publishedLate(SnapshotManifest manifest);
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
  private ReceivedDraft draft;
  private SnapshotPiece.Source pieces;
  private long bytesDone;
  private long receivedBytes;

  /** Rises when answers to what was asked before do not matter any more. */
  private int epoch;

  private RaftScheduler.Timer timer;
  private long lastArrival;
  private int stalls;
  private int manifests;
  private boolean receiving;
  private boolean pumping;
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
    if (isPublishing()) {
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
    return draft != null && draft.isPublishing();
  }

  /**
   * Whether the disk still opens a draft, even if this has ended meanwhile: one at a time is open.
   */
  boolean isOpeningDraft() {
    return draft != null && draft.isOpening();
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

  private void fail(Throwable cause, boolean bySources) {
    if (!over) {
      over = true;
      letGo();
      listener.failed(cause, bySources);
    }
  }

  private void letGo() {
    epoch++;
    stopTimer();
    window.clear();
    receiving = false;
    if (draft != null) {
      draft.close();
    }
  }

  // --- the manifest -----------------------------------------------------------------------------

  private void nextSource(String whyNotTheLast) {
    letGo();
    String next = sources.poll();
    if (next == null) {
      fail(new VertxException(whyNotTheLast, true), true);
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
      // One that is too old is a matter of time; one of others stays what it is.
      fail(new VertxException(refusal, true), manifest.lastIndex() < minIndex);
    }
  }

  // --- the files --------------------------------------------------------------------------------

  private void receive() {
    draft = new ReceivedDraft(parts, shelf, manifest, this);
    draft.open();
  }

  @Override
  public void opened() {
    receiving = true;
    pieces = new SnapshotPiece.Source(manifest, draft.draft(), options.getChunkBytes());
    bytesDone =
        manifest.files().stream().map(SnapshotFile::name).mapToLong(draft.draft()::bytes).sum();
    tellProgress();
    listener.begun(this);
    pump();
  }

  @Override
  public void failed(Throwable cause) {
    fail(cause, false);
  }

  /** A loop, and never inside itself: the draft may complete an append at once. */
  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (receiving && step()) {
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
      if (window.isEmpty() && !isPublishing()) {
        stopTimer();
        draft.publish();
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
    piece.handedOver = true;
    draft.append(
        piece,
        () -> {
          piece.appended = true;
          pump();
        });
  }

  private void tellProgress() {
    parts.core().snapshots().progress(lastIndex(), bytesDone, bytesTotal());
  }

  @Override
  public void published(SnapshotManifest complete) {
    over = true;
    receiving = false;
    listener.done(complete);
  }

  @Override
  public void publishedLate(SnapshotManifest complete) {
    listener.publishedLate(complete);
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
