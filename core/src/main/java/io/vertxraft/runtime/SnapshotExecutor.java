package io.vertxraft.runtime;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertxraft.RaftEventType;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.SnapshotOptions;
import io.vertxraft.SnapshotOutcome;
import io.vertxraft.SnapshotResult;
import io.vertxraft.SnapshotStatus;
import io.vertxraft.SnapshotsUnsupportedException;
import io.vertxraft.consensus.Effects;
import io.vertxraft.protocol.SnapshotReply;
import io.vertxraft.protocol.SnapshotRequest;
import io.vertxraft.spi.SnapshotManifest;
import io.vertxraft.spi.SnapshotStorage;
import io.vertxraft.spi.Transport;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a member does about snapshots, one thing at a time: it saves its state, fetches another
 * member's, or loads one. A leader's snapshot goes before its own. Confined to the
 * node's context.
 */
final class SnapshotExecutor implements SnapshotSave.Listener, SnapshotInstaller.Listener {
  private static final System.Logger LOG = System.getLogger(SnapshotExecutor.class.getName());

  private final MemberParts parts;
  private final SnapshotOptions options;
  private final Applier applier;
  private final SnapshotLoader loader;
  private final SnapshotShelf shelf;
  private final SaveTriggers triggers;
  private final LogCutter cutter;
  private final SnapshotInstaller installer;
  private final List<String> foundAtStart;
  private SnapshotServer server;
  private SnapshotSave save;
  private Promise<SnapshotResult> asked;
  private long loadingSince;
  private long saved;
  private String unsupported;
  private String lastFailure;
  private boolean started;
  private boolean stopped;

  /**
   * An executor that does nothing yet.
   *
   * @param opened what was found when the member came up
   */
  SnapshotExecutor(
      MemberParts parts, Applier applier, SnapshotLoader loader, Opening.Opened opened) {
    this.parts = parts;
    this.options = parts.options().getSnapshots();
    this.applier = applier;
    this.loader = loader;
    this.shelf =
        new SnapshotShelf(
            parts.storage().snapshots(), options.getKept(), opened.unreadable().keySet());
    this.foundAtStart = List.copyOf(opened.unreadable().values());
    this.cutter = new LogCutter(parts, shelf, applier);
    this.installer = new SnapshotInstaller(parts, shelf, this);
    this.triggers =
        new SaveTriggers(
            parts.scheduler(), options, applier.sizes(), shelf.newestIndex(), this::saveIfDue);
    if (parts.storage().snapshots() == SnapshotStorage.none()) {
      unsupported = "the storage keeps no snapshots";
    }
  }

  /**
   * Begins.
   *
   * @param endpoint the way to the other members
   */
  void start(Transport.Endpoint endpoint) {
    started = true;
    installer.start(endpoint);
    server =
        new SnapshotServer(
            parts.scheduler(),
            parts.storage().snapshots(),
            shelf,
            endpoint::send,
            this::foundUnreadable);
    loadingSince = parts.scheduler().nanoTime();
    foundAtStart.forEach(this::noteFailure);
    foundAtStart.forEach(why -> publish(RaftEventType.SNAPSHOT_FAILED, null, why));
    offerNewest();
    if (unsupported == null) {
      triggers.start();
    }
  }

  /**
   * Ends everything, and waits for nothing.
   *
   * @param cause what who waits for a snapshot is told
   */
  void stop(Throwable cause) {
    stopped = true;
    triggers.stop();
    cutter.stop();
    if (server != null) {
      server.stop();
    }
    if (save != null) {
      save.stop(cause);
      save = null;
    }
    if (asked != null) {
      asked.tryFail(cause);
      asked = null;
    }
    installer.stop();
    loader.stop(String.valueOf(cause.getMessage()));
  }

  // --- saving -----------------------------------------------------------------------------------

  /** Somebody asks for a snapshot. */
  Future<SnapshotResult> save() {
    SnapshotOutcome obstacle = obstacle(false);
    if (obstacle != null) {
      return Future.succeededFuture(skipped(obstacle));
    }
    asked = Promise.promise();
    Future<SnapshotResult> result = asked.future();
    begin("asked for", false);
    return result;
  }

  /** A follower needs a snapshot, and there is none to offer. */
  void wanted() {
    triggers.want();
  }

  /** More has been applied, or something else has changed that a snapshot may have waited for. */
  void saveIfDue() {
    if (stopped || save != null || unsupported != null) {
      return;
    }
    String why = triggers.reason(applier.appliedIndex());
    if (why == null) {
      return;
    }
    SnapshotOutcome obstacle = obstacle(triggers.isWanted());
    if (obstacle == null) {
      begin(why, true);
    } else if (obstacle == SnapshotOutcome.SKIPPED_NOTHING_NEW) {
      triggers.nothingNew();
    }
  }

  private void begin(String why, boolean byItself) {
    save = new SnapshotSave(parts, applier, shelf, this, why, byItself);
    save.start();
  }

  /** Why no snapshot is taken now, or null. Cheap: asked after every batch that is applied. */
  private SnapshotOutcome obstacle(boolean wanted) {
    if (unsupported != null) {
      return SnapshotOutcome.SKIPPED_UNSUPPORTED;
    }
    if (isLoading()) {
      return SnapshotOutcome.SKIPPED_LOADING;
    }
    if (installer.download() != null) {
      return SnapshotOutcome.SKIPPED_INSTALLING;
    }
    if (save != null) {
      return SnapshotOutcome.SKIPPED_SAVING;
    }
    if (parts.storage().room().low()) {
      return SnapshotOutcome.SKIPPED_NO_ROOM;
    }
    // One that the log does not go on from helps no follower.
    boolean none = shelf.newestIndex() + 1 < parts.core().log().firstIndex();
    long needed = wanted && none ? 1 : options.getEntriesMin();
    boolean enough = entriesSinceNewest() >= needed;
    return enough && parts.core().log().contains(applier.appliedIndex())
        ? null
        : SnapshotOutcome.SKIPPED_NOTHING_NEW;
  }

  private long entriesSinceNewest() {
    return applier.appliedIndex() - shelf.newestIndex();
  }

  private SnapshotResult skipped(SnapshotOutcome outcome) {
    String detail =
        switch (outcome) {
          case SKIPPED_UNSUPPORTED -> unsupported;
          case SKIPPED_LOADING -> "a snapshot is being loaded";
          case SKIPPED_INSTALLING ->
              "a snapshot is being fetched from " + installer.download().source();
          case SKIPPED_SAVING -> "one is being saved: " + save.why();
          case SKIPPED_NO_ROOM -> parts.storage().room().reason();
          case SKIPPED_NOTHING_NEW ->
              "%d entries are applied since the newest, snapshots.entriesMin = %d"
                  .formatted(Math.max(0, entriesSinceNewest()), options.getEntriesMin());
          case TAKEN -> null;
        };
    SnapshotResult result = new SnapshotResult().setOutcome(outcome).setDetail(detail);
    SnapshotManifest newest = shelf.newest();
    return newest == null ? result : describe(result, newest);
  }

  private static SnapshotResult describe(SnapshotResult result, SnapshotManifest manifest) {
    return result
        .setLastIndex(manifest.lastIndex())
        .setLastTerm(manifest.lastTerm())
        .setBytes(manifest.bytes());
  }

  @Override
  public void saved(SnapshotSave ended, SnapshotManifest manifest) {
    save = null;
    saved++;
    lastFailure = null;
    long millis = TimeUnit.NANOSECONDS.toMillis(parts.scheduler().nanoTime() - ended.startedAt());
    publish(
        RaftEventType.SNAPSHOT_SAVED,
        null,
        "index %d, %d bytes in %d files, in %d ms: %s"
            .formatted(
                manifest.lastIndex(),
                manifest.bytes(),
                manifest.files().size(),
                millis,
                ended.why()));
    triggers.taken(manifest.lastIndex(), ended.sum());
    newOnShelf(manifest);
    answer(describe(new SnapshotResult().setDurationMs(millis), manifest));
    saveIfDue();
  }

  @Override
  public void savedLate(SnapshotManifest manifest) {
    triggers.taken(manifest.lastIndex(), applier.sizes().total());
    newOnShelf(manifest);
  }

  @Override
  public void arrivedLate(SnapshotManifest manifest) {
    if (!stopped) {
      savedLate(manifest);
    }
  }

  @Override
  public void failed(SnapshotSave ended, Throwable cause) {
    save = null;
    if (cause instanceof SnapshotsUnsupportedException) {
      unsupported = cause.getMessage();
      triggers.stop();
      answer(skipped(SnapshotOutcome.SKIPPED_UNSUPPORTED));
      return;
    }
    String what = "no snapshot was saved: " + cause.getMessage();
    noteFailure(what);
    publish(RaftEventType.SNAPSHOT_FAILED, null, what);
    if (ended.isByItself() && !(cause instanceof Preempted)) {
      triggers.failed();
    }
    if (asked != null) {
      Promise<SnapshotResult> waiting = asked;
      asked = null;
      waiting.fail(cause);
    }
    saveIfDue();
  }

  private void answer(SnapshotResult result) {
    if (asked != null) {
      Promise<SnapshotResult> waiting = asked;
      asked = null;
      waiting.complete(result);
    }
  }

  /** The leader's snapshot takes the place of one that was being saved. */
  private static final class Preempted extends VertxException {
    private static final long serialVersionUID = 1L;

    Preempted(String leader) {
      super("the snapshot that %s offers takes its place".formatted(leader), true);
    }
  }

  // --- the shelf --------------------------------------------------------------------------------

  private void newOnShelf(SnapshotManifest manifest) {
    shelf.published(manifest.lastIndex());
    offerNewest();
    tidy();
  }

  /** Old snapshots go, and the log that they made needless. */
  private void tidy() {
    shelf
        .deleteOld(parts.core().log().firstIndex())
        .onFailure(
            cause -> {
              if (!stopped) {
                publish(
                    RaftEventType.SNAPSHOT_FAILED,
                    null,
                    "an old snapshot could not be deleted: " + cause.getMessage());
              }
            });
    cutter.cut();
  }

  private void offerNewest() {
    SnapshotManifest newest = shelf.newest();
    long index = newest == null ? 0 : newest.lastIndex();
    long term = newest == null ? 0 : newest.lastTerm();
    parts.host().step(raft -> raft.snapshots().available(index, term));
  }

  private void foundUnreadable(long index, Throwable cause) {
    if (!shelf.foundUnreadable(index)) {
      return;
    }
    String what =
        "the snapshot that ends at index %d cannot be read: %s"
            .formatted(index, cause.getMessage());
    noteFailure(what);
    publish(RaftEventType.SNAPSHOT_FAILED, null, what);
    triggers.lost(shelf.newestIndex());
    offerNewest();
    // At once: there may be no other one.
    triggers.want();
  }

  // --- another member's snapshot ----------------------------------------------------------------

  /** The leader offers a snapshot; it does so again and again until it is installed. */
  void install(Effects.Install install) {
    if (!stopped && !isLoading()) {
      installer.offered(install);
    }
  }

  /** A turn has ended, and with it perhaps the term. */
  void turnEnded() {
    installer.followTerm();
  }

  @Override
  public void beginning(String leader) {
    if (save != null && !save.isPublishing()) {
      save.giveUp(new Preempted(leader));
    }
  }

  @Override
  public void arrived(SnapshotManifest manifest, boolean needed) {
    if (stopped) {
      return;
    }
    loadingSince = parts.scheduler().nanoTime();
    shelf.published(manifest.lastIndex());
    offerNewest();
    if (!needed) {
      // Needless by now, but a good one all the same.
      triggers.taken(manifest.lastIndex(), applier.sizes().total());
      tidy();
      saveIfDue();
    }
  }

  @Override
  public void notFetched(String source, Throwable cause) {
    String what = "no snapshot was fetched: " + cause.getMessage();
    noteFailure(what);
    publish(RaftEventType.SNAPSHOT_FAILED, source, what);
    saveIfDue();
  }

  @Override
  public void cancelled() {
    saveIfDue();
  }

  /** The state machine has the state of the snapshot that ends at {@code index}. */
  void restored(long index) {
    if (installer.restored(index)) {
      lastFailure = null;
      publish(RaftEventType.SNAPSHOT_INSTALLED, parts.core().leaderId(), "index " + index);
      triggers.taken(index, applier.sizes().total());
      tidy();
    }
    saveIfDue();
  }

  /** Whether the state machine takes over the state of a snapshot, or is about to. */
  boolean isLoading() {
    return installer.installing() > 0 || applier.isLoading();
  }

  /** Another member asks for a piece of a snapshot. */
  void serve(String from, SnapshotRequest request) {
    if (started && !stopped) {
      server.serve(from, request);
    }
  }

  /** Another member has answered. */
  void answered(String from, SnapshotReply reply) {
    if (started && !stopped) {
      installer.answered(from, reply);
    }
  }

  // --- what is told -----------------------------------------------------------------------------

  /** The first in a row is worth a line in the log; status and events have them all. */
  private void noteFailure(String what) {
    System.Logger.Level level =
        lastFailure == null ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
    lastFailure = what;
    LOG.log(
        level,
        () ->
            "group '%s' on node '%s': %s"
                .formatted(parts.options().getGroupId(), parts.options().getNodeId(), what));
  }

  private void publish(RaftEventType type, String peer, String cause) {
    parts.events().publish(type, peer, cause);
  }

  SnapshotStatus describe(long now) {
    SnapshotStatus status =
        new SnapshotStatus()
            .setKept(shelf.readable().stream().map(SnapshotManifest::lastIndex).toList())
            .setSaved(saved)
            .setLogBytes(
                applier.sizes().between(parts.core().log().firstIndex(), applier.appliedIndex()))
            .setInstalled(installer.installed())
            .setSentBytes(server == null ? 0 : server.sentBytes())
            .setReceivedBytes(installer.receivedBytes())
            .setLastFailure(lastFailure);
    SnapshotManifest newest = shelf.newest();
    if (newest != null) {
      status
          .setLastIndex(newest.lastIndex())
          .setLastTerm(newest.lastTerm())
          .setBytes(newest.bytes())
          .setSavedAtMs(newest.savedAtMs());
    }
    if (stopped) {
      return status;
    }
    if (isLoading()) {
      long index = Math.max(installer.installing(), applier.loadingIndex());
      return activity(status, SnapshotActivity.LOADING, index, now - loadingSince);
    }
    SnapshotDownload download = installer.download();
    if (download != null) {
      status
          .setSource(download.source())
          .setBytesDone(download.bytesDone())
          .setBytesTotal(download.bytesTotal());
      return activity(
          status, SnapshotActivity.DOWNLOADING, download.lastIndex(), now - download.startedAt());
    }
    if (save != null) {
      status.setBytesDone(save.bytesDone());
      return activity(status, SnapshotActivity.SAVING, save.lastIndex(), now - save.startedAt());
    }
    return status;
  }

  private static SnapshotStatus activity(
      SnapshotStatus status, SnapshotActivity activity, long index, long nanos) {
    return status
        .setActivity(activity)
        .setActivityIndex(index)
        .setActivityAgeMs(TimeUnit.NANOSECONDS.toMillis(nanos));
  }
}
