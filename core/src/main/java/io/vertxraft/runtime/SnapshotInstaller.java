package io.vertxraft.runtime;

import io.vertxraft.RaftEventType;
import io.vertxraft.consensus.Effects;
import io.vertxraft.protocol.InstallSnapshot;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.Transport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Follows the leader's offers of a snapshot: has one fetched at a time, gives it up for one that
 * helps more, waits after one that failed, and tells the core of the one that is there.
 * Confined to the node's context.
 */
final class SnapshotInstaller implements SnapshotDownload.Listener {
  private static final long WAIT_FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long WAIT_LONGEST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /**
   * After the network has failed, or who was asked. To ask once more costs next to nothing, and a
   * member may be needed for a majority as soon as the network is whole again.
   */
  private static final long WAIT_FOR_SOURCES_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** What the member has to know. */
  interface Listener {
    /** A snapshot of this leader goes before anything of the member's own. */
    void beginning(String leader);

    /**
     * A snapshot of another member is durable and verified.
     *
     * @param needed whether the state machine is to load it
     */
    void arrived(SnapshotManifest manifest, boolean needed);

    /** One that was given up is durable and verified after all; nobody installs it for that. */
    void arrivedLate(SnapshotManifest manifest);

    /** None is being fetched any more, and the next attempt waits. */
    void notFetched(String source, Throwable cause);

    /** None is being fetched any more, for it is not wanted. */
    void cancelled();
  }

  private final MemberParts parts;
  private final SnapshotShelf shelf;
  private final Listener listener;

  /** Apart from the other questions: an answer to these may take its time. */
  private PeerCalls peerCalls;

  private SnapshotDownload download;

  /** The one before, for which the disk may still be at work; or null. */
  private SnapshotDownload previous;

  /** Last index of an installed snapshot that the state machine has not got yet; 0 for none. */
  private long installing;

  private long installed;
  private long receivedBytes;
  private long wait;
  private long notBefore;

  SnapshotInstaller(MemberParts parts, SnapshotShelf shelf, Listener listener) {
    this.parts = parts;
    this.shelf = shelf;
    this.listener = listener;
  }

  void start(Transport.Endpoint endpoint) {
    long timeoutMs = SnapshotDownload.silenceMaxMs(parts.options().getSnapshots());
    peerCalls =
        new PeerCalls(parts.scheduler(), endpoint, TimeUnit.MILLISECONDS.toNanos(timeoutMs));
  }

  void stop() {
    end();
    if (peerCalls != null) {
      peerCalls.close();
    }
  }

  /** Another member has answered. */
  void answered(String from, SnapshotReply reply) {
    peerCalls.answered(from, reply);
  }

  /** What is being fetched, or null. */
  SnapshotDownload download() {
    return download;
  }

  /** Last index of the snapshot that the state machine is yet to load; 0 for none. */
  long installing() {
    return installing;
  }

  /** Snapshots installed in this life. */
  long installed() {
    return installed;
  }

  /** Bytes that have come over the network in this life. */
  long receivedBytes() {
    return receivedBytes + (download == null ? 0 : download.receivedBytes());
  }

  /** The leader offers a snapshot, or does so again. A late offer of what is here is ignored. */
  void offered(Effects.Install install) {
    InstallSnapshot offer = install.offer();
    if (offer.minIndex() <= parts.core().commitIndex()) {
      return;
    }
    if (download != null) {
      if (download.serves(install.leader(), offer)) {
        return;
      }
      end();
    }
    if (wait > 0 && parts.scheduler().nanoTime() - notBefore < 0) {
      return;
    }
    if (previous != null && previous.isOpeningDraft()) {
      // The offer comes again; a disk that does not answer is not asked for more.
      return;
    }
    download =
        new SnapshotDownload(
            parts, peerCalls, shelf, this, install.leader(), offer, sources(install.leader()));
    listener.beginning(install.leader());
    download.start();
  }

  /** Whom to ask: the leader, after the other followers if they are to be spared to it. */
  private List<String> sources(String leader) {
    List<String> sources = new ArrayList<>();
    if (parts.options().getSnapshots().isFromFollowers()) {
      sources.addAll(parts.core().configuration().members());
      sources.remove(parts.core().nodeId());
      sources.remove(leader);
      if (!sources.isEmpty()) {
        Collections.rotate(sources, (int) parts.scheduler().random(sources.size()));
      }
    }
    sources.add(leader);
    return sources;
  }

  /** What is fetched for another term, or another leader, is not wanted any more. */
  void followTerm() {
    if (download != null
        && !download.isPublishing()
        && !download.isFor(parts.core().term(), parts.core().leaderId())) {
      end();
      wait = 0;
      listener.cancelled();
    }
  }

  private void end() {
    if (download != null) {
      SnapshotDownload ended = download;
      download = null;
      previous = ended;
      ended.cancel();
      receivedBytes += ended.receivedBytes();
      parts.core().snapshots().progress(0, 0, 0);
    }
  }

  @Override
  public void begun(SnapshotDownload begun) {
    parts
        .events()
        .publish(
            RaftEventType.SNAPSHOT_DOWNLOADING,
            begun.source(),
            "index %d, %d bytes, of which %d are here"
                .formatted(begun.lastIndex(), begun.bytesTotal(), begun.bytesDone()));
  }

  @Override
  public void done(SnapshotManifest manifest) {
    end();
    wait = 0;
    long index = manifest.lastIndex();
    long now = parts.scheduler().nanoTime();
    parts
        .host()
        .step(
            raft -> {
              if (raft.snapshots().installed(index, manifest.lastTerm(), manifest.term(), now)) {
                installing = index;
              }
            });
    listener.arrived(manifest, installing > 0);
  }

  @Override
  public void publishedLate(SnapshotManifest manifest) {
    listener.arrivedLate(manifest);
  }

  @Override
  public void failed(Throwable cause, boolean bySources) {
    String source = download.source();
    end();
    long longest = bySources ? WAIT_FOR_SOURCES_NANOS : WAIT_LONGEST_NANOS;
    wait = wait == 0 ? WAIT_FIRST_NANOS : Math.min(2 * wait, longest);
    notBefore = parts.scheduler().nanoTime() + wait;
    listener.notFetched(source, cause);
  }

  /** The state machine has loaded a snapshot; returns whether it was an installed one. */
  boolean restored(long index) {
    if (index != installing) {
      return false;
    }
    installing = 0;
    installed++;
    return true;
  }
}
