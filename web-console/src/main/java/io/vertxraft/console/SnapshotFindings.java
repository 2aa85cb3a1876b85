package io.vertxraft.console;

import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.SnapshotStatus;
import io.vertxraft.console.Sentence.Severity;
import java.util.List;
import java.util.Locale;

/**
 * What members say of their snapshots: one that is being loaded, ones that fail, and logs that grow
 * because there are none.
 */
final class SnapshotFindings {
  /** Fewer entries than this since the newest snapshot are no reason for a sentence. */
  static final long ENTRIES_SINCE_MIN = 200_000;

  /** A snapshot this old is worth a sentence if the log has grown meanwhile. */
  static final long AGE_MS_MIN = 2 * 3_600_000;

  private final List<Sentence> sentences;

  SnapshotFindings(List<Sentence> sentences) {
    this.sentences = sentences;
  }

  /** Whether a member's state machine is taking over a snapshot. */
  static boolean isLoading(RaftStatus status) {
    return status.getSnapshots().getActivity() == SnapshotActivity.LOADING;
  }

  /** {@code 43 % of 1.0 GiB}; {@code 12 MiB} while the whole is not known. */
  static String progress(long bytesDone, long bytesTotal) {
    return bytesTotal <= 0
        ? Words.bytes(bytesDone)
        : "%d %% of %s"
            .formatted(Math.min(100, 100 * bytesDone / bytesTotal), Words.bytes(bytesTotal));
  }

  /** Adds what is to be said of a member that runs. */
  void ofMember(MemberReport member) {
    RaftStatus status = member.status();
    SnapshotStatus snapshots = status.getSnapshots();
    if (isLoading(status)) {
      loading(member, snapshots);
    }
    long newest = Math.max(snapshots.getLastIndex(), status.getFirstIndex() - 1);
    long entries = Math.max(0, status.getLastIndex() - newest);
    if (snapshots.getLastFailure() != null) {
      add(
          Severity.WARNING,
          "The last snapshot of %s failed, and its log grows: it has %s more than its newest snapshot"
              .formatted(member.nodeId(), Words.count(entries, "entry", "entries")),
          member,
          Words.plain(snapshots.getLastFailure()));
    } else if (entries >= ENTRIES_SINCE_MIN && snapshots.getActivity() == SnapshotActivity.IDLE) {
      grows(member, snapshots, entries);
    }
  }

  private void loading(MemberReport member, SnapshotStatus snapshots) {
    String what =
        "the snapshot at index " + String.format(Locale.ROOT, "%,d", snapshots.getActivityIndex());
    String id = member.nodeId();
    add(
        Severity.WARNING,
        member.status().isRecovering()
            ? "%s refuses reads until its state machine has loaded %s".formatted(id, what)
            : "The state machine of %s is loading %s and applies nothing until then"
                .formatted(id, what),
        member,
        (snapshots.getBytesTotal() == 0
                ? ""
                : progress(snapshots.getBytesDone(), snapshots.getBytesTotal()) + " ")
            + "for "
            + Words.duration(snapshots.getActivityAgeMs()));
  }

  private void grows(MemberReport member, SnapshotStatus snapshots, long entries) {
    String log = Words.count(entries, "entry", "entries");
    long ageMs = member.status().getTimeMs() - snapshots.getSavedAtMs();
    if (snapshots.getLastIndex() == 0) {
      add(
          Severity.INFO,
          "%s has no snapshot: its log grows, and a restart applies all of it"
              .formatted(member.nodeId()),
          member,
          log + " in its log");
    } else if (ageMs >= AGE_MS_MIN) {
      add(
          Severity.WARNING,
          "The newest snapshot of %s is %s old, and its log has grown by %s since"
              .formatted(member.nodeId(), Words.duration(ageMs), log),
          member,
          "snapshot up to index %d, last index %d"
              .formatted(snapshots.getLastIndex(), member.status().getLastIndex()));
    }
  }

  private void add(Severity severity, String text, MemberReport source, String fact) {
    sentences.add(Sentence.of(severity, text, Explain.fact(source, fact)));
  }
}
