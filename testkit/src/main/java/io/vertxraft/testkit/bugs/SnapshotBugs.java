package io.vertxraft.testkit.bugs;

import static io.vertxraft.testkit.bugs.SourceEdit.consensus;
import static io.vertxraft.testkit.bugs.SourceEdit.runtime;

import io.vertxraft.testkit.run.Profile;
import java.util.List;
import java.util.stream.Stream;

/** Bugs of snapshots: what they say they hold, what they do to the log, and how they come in. */
final class SnapshotBugs {
  private static final PlantedBug OLD_SNAPSHOT_TRUNCATES_LOG =
      new PlantedBug(
          "old-snapshot-truncates-log",
          "#13",
          "A snapshot that entries have overtaken while it was fetched takes their place.",
          List.of(
              consensus(
                  "Snapshots",
                  "if (lastIndex <= core.commitIndex() || core.isLeader()) {",
                  "if (core.isLeader()) {"),
              consensus(
                  "Snapshots",
                  "if (log.contains(lastIndex) && log.termAt(lastIndex) == lastTerm) {",
                  "if (log.lastIndex() == lastIndex && log.lastTerm() == lastTerm) {")),
          SnapshotStories::aDownloadIsOvertakenByEntries,
          Stories.SELF);

  private static final PlantedBug CONFLICT_AT_SNAPSHOT_INDEX_KEPT =
      new PlantedBug(
          "conflict-at-snapshot-index-kept",
          "#14",
          "A log that reaches to the snapshot's end stays, though its entry there is another one.",
          List.of(
              consensus(
                  "Snapshots",
                  "if (log.contains(lastIndex) && log.termAt(lastIndex) == lastTerm) {",
                  "if (log.contains(lastIndex)) {")),
          SnapshotStories::anOldLeaderWithEntriesOfItsOwnGetsASnapshot,
          "I7");

  private static final PlantedBug CONFLICT_KEPT_AFTER_A_CRASH =
      new PlantedBug(
          "conflict-kept-after-a-crash",
          "#14",
          "A crash before the log is replaced leaves a log that contradicts the snapshot.",
          List.of(
              runtime(
                  "Opening",
                  "index <= log.lastIndex() && termAt(index) == manifest.lastTerm();",
                  "index <= log.lastIndex();")),
          SnapshotStories::anOldLeaderCrashesBeforeItsLogIsReplaced,
          "I7");

  private static final PlantedBug SNAPSHOT_INSTALLED_WHILE_APPLYING =
      new PlantedBug(
          "snapshot-installed-while-applying",
          "#15",
          "A snapshot is loaded while the state machine still applies a batch of before.",
          List.of(
              runtime(
                  "Applier",
                  "    if (reading) {\n      // What is read",
                  "    if (busy) {\n      // What is read")),
          SnapshotStories::aBatchIsBeingAppliedWhenASnapshotIsThere,
          "I6");

  private static final PlantedBug READ_BEFORE_APPLIED_AFTER_A_SNAPSHOT =
      new PlantedBug(
          "read-before-applied-after-a-snapshot",
          "#15",
          "Entries that were being read to be applied are applied, though a snapshot has come.",
          List.of(runtime("Applier", "      readEpoch++;\n", "")),
          SnapshotStories::entriesAreBeingReadWhenASnapshotIsThere,
          Stories.SELF);

  private static final PlantedBug SNAPSHOT_AHEAD_OF_LOG_AT_START =
      new PlantedBug(
          "snapshot-ahead-of-log-at-start",
          "#16",
          "A member whose snapshot is ahead of its log, for a crash came between, does not start.",
          List.of(runtime("Opening", "boolean anew = !holds(manifest);", "boolean anew = false;")),
          SnapshotStories::aMemberCrashesBeforeItsLogIsReplaced,
          "I7");

  private static final PlantedBug APPEND_BEFORE_SNAPSHOT_MISPLACED =
      new PlantedBug(
          "append-before-snapshot-misplaced",
          "#17",
          "AppendEntries that begins before the log is taken for the beginning of a new one.",
          List.of(
              consensus(
                  "Follower",
                  "      verifyTo(log.firstIndex() - 1);\n",
                  "      log.restartAfter(prev, message.prevLogTerm());\n")),
          SnapshotStories::anAppendFromBeforeTheLogComesLate,
          Stories.SELF);

  private static final PlantedBug SNAPSHOT_DOES_NOT_RAISE_TERM =
      new PlantedBug(
          "snapshot-does-not-raise-term",
          "#17",
          "A member that gets a snapshot of a later term stays in its own.",
          List.of(
              consensus("Snapshots", "if (snapshotTerm > core.term()) {", "if (lastIndex < 0) {")),
          SnapshotStories::aSnapshotOfALaterTermComes,
          Stories.SELF);

  private static final PlantedBug LOAD_NOT_AWAITED =
      new PlantedBug(
          "load-not-awaited",
          "#17",
          "What follows a snapshot is applied while the state machine still loads it.",
          List.of(
              runtime(
                  "Applier",
                  ".onComplete(done -> loaded(index, done.result(), done.cause()));",
                  ";\n    scheduler.execute(() -> loaded(index, sessions, null));")),
          SnapshotStories::entriesComeWhileASnapshotIsLoaded,
          "I6");

  private static final PlantedBug LOG_CUT_ALTHOUGH_SAVE_FAILED =
      new PlantedBug(
          "log-cut-although-save-failed",
          "braft 461",
          "The log is cut off up to where a snapshot was to end that was not saved.",
          List.of(
              runtime(
                  "SnapshotExecutor",
                  "  public void failed(SnapshotSave ended, Throwable cause) {\n",
                  """
                    public void failed(SnapshotSave ended, Throwable cause) {
                      long cutTo = Math.min(ended.lastIndex(), parts.core().log().durableIndex()) + 1;
                      parts.host().step(raft -> raft.snapshots().compact(cutTo));
                  """)),
          SnapshotStories::threeSavesFail,
          "R-23");

  private static final PlantedBug LOG_CUT_TO_THE_NEWEST_SNAPSHOT =
      new PlantedBug(
          "log-cut-to-the-newest-snapshot",
          "classic",
          "The log is cut off up to the newest snapshot, on which everything then depends.",
          List.of(runtime("LogCutter", "shelf.oldestKeptIndex();", "shelf.newestIndex();")),
          SnapshotStories::aSecondSnapshotIsTaken,
          "R-23");

  private static final PlantedBug INSTALL_BEGINS_ANEW =
      new PlantedBug(
          "install-begins-anew",
          "braft 258",
          "A leader removes the entries that follow a snapshot which a member is fetching.",
          List.of(
              runtime(
                  "LogCutter",
                  "needed = Math.min(needed, parts.core().snapshots().retainForInstalls(now));",
                  "")),
          SnapshotStories::writesGoOnFasterThanAnInstall,
          "R-28");

  private static final PlantedBug INSTALL_IS_TOO_OLD_AT_ITS_END =
      new PlantedBug(
          "install-is-too-old-at-its-end",
          "braft 258",
          "A member loads a snapshot though the leader no longer has the entries that follow it.",
          List.of(
              runtime(
                  "LogCutter",
                  "needed = Math.min(needed, parts.core().snapshots().retainForInstalls(now));",
                  ""),
              runtime(
                  "SnapshotDownload",
                  "if (!same || (manifest != null && manifest.lastIndex() < offer.minIndex())) {",
                  "if (!same) {")),
          SnapshotStories::writesGoOnFasterThanAnInstall,
          "R-28");

  private static final PlantedBug INSTALL_WITHOUT_VERIFICATION =
      new PlantedBug(
          "install-without-verification",
          "classic",
          "A snapshot counts as installed although the disk refused it, for wrong bytes or else.",
          List.of(
              runtime(
                  "ReceivedDraft",
                  "if (done.succeeded()) {\n                appended.run();",
                  "if (done.succeeded() || done.cause() instanceof StorageException) {\n"
                      + "                appended.run();"),
              runtime(
                  "ReceivedDraft",
                  "      shelf.notPublished(manifest.lastIndex());\n",
                  """
                        if (!over) {
                          end();
                          listener.published(manifest);
                          return;
                        }
                        shelf.notPublished(manifest.lastIndex());
                  """)),
          SnapshotStories::aSnapshotIsDamagedWhileItIsFetched,
          "R-16");

  private static final PlantedBug SNAPSHOT_SAYS_A_LATER_INDEX =
      new PlantedBug(
          "snapshot-says-a-later-index",
          "classic",
          "A snapshot says it ends at the commit index, of which not all is applied yet.",
          List.of(
              runtime(
                  "SnapshotSave",
                  "    sum = applier.sizes().total();\n",
                  """
                      index = parts.core().commitIndex();
                      sum = applier.sizes().total();
                  """)),
          SnapshotStories::aSnapshotIsTakenWhileEntriesWaitToBeApplied,
          "I13");

  private SnapshotBugs() {}

  static List<PlantedBug> all() {
    return Stream.of(
            OLD_SNAPSHOT_TRUNCATES_LOG,
            CONFLICT_AT_SNAPSHOT_INDEX_KEPT,
            CONFLICT_KEPT_AFTER_A_CRASH,
            SNAPSHOT_INSTALLED_WHILE_APPLYING,
            READ_BEFORE_APPLIED_AFTER_A_SNAPSHOT,
            SNAPSHOT_AHEAD_OF_LOG_AT_START,
            APPEND_BEFORE_SNAPSHOT_MISPLACED,
            SNAPSHOT_DOES_NOT_RAISE_TERM,
            LOAD_NOT_AWAITED,
            LOG_CUT_ALTHOUGH_SAVE_FAILED,
            LOG_CUT_TO_THE_NEWEST_SNAPSHOT,
            INSTALL_BEGINS_ANEW,
            INSTALL_IS_TOO_OLD_AT_ITS_END,
            INSTALL_WITHOUT_VERIFICATION,
            SNAPSHOT_SAYS_A_LATER_INDEX)
        .map(bug -> bug.among(Profile.SNAPSHOTS))
        .toList();
  }
}
