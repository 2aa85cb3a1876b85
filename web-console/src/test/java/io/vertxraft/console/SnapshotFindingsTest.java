package io.vertxraft.console;

import static io.vertxraft.console.ClusterHealth.DEGRADED;
import static io.vertxraft.console.ClusterHealth.HEALTHY;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.FollowerStatus;
import io.vertxraft.RaftStatus;
import io.vertxraft.SnapshotActivity;
import io.vertxraft.SnapshotStatus;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("R-46: what there is to say of snapshots")
class SnapshotFindingsTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final long HOUR_MS = 3_600_000;
  private static final String LEADS = "; n2 leads term 7 since 4 min, survives ";
  private static final String ONE_MORE = LEADS + "1 more failure";
  private static final String NO_MORE = LEADS + "no further failure";
  private static final String WELL =
      "Healthy: n2 leads term 7 since 4 min; survives 1 more failure";

  static Stream<Arguments> table() {
    return Stream.of(reseeding(), loading(), failing(), growing()).flatMap(rows -> rows);
  }

  private static Stream<Arguments> reseeding() {
    return Stream.of(
        row(
            "a follower that is given a snapshot",
            Views.of(n1(), leader(450_000_000, 1L << 30), n3())
                .snapshot("n3", FollowerState.SNAPSHOT, 0),
            DEGRADED,
            "Degraded: n3 is being re-seeded by a snapshot, because entries that it lacks are gone:"
                + " it has 41 % of 1.0 GiB"
                + NO_MORE),
        row(
            "a follower that does not know the size of its snapshot yet",
            Views.of(n1(), leader(0, 0), n3()).snapshot("n3", FollowerState.SNAPSHOT, 0),
            DEGRADED,
            "Degraded: n3 is being re-seeded by a snapshot, because entries that it lacks are gone:"
                + " it has 0 B"
                + NO_MORE),
        row(
            "a snapshot that stands still",
            Views.of(n1(), leader(450_000_000, 1L << 30), n3())
                .snapshot("n3", FollowerState.STALLED, 31_000),
            DEGRADED,
            "Degraded: n3 answers leader n2, but has got no more of its snapshot for 31 s:"
                + " it has 41 % of 1.0 GiB"
                + NO_MORE));
  }

  private static Stream<Arguments> loading() {
    return Stream.of(
        row(
            "a member that came up and loads",
            Views.of(n1(), n2(), member(s -> loading(s, 12_345)).setRecovering(true)),
            DEGRADED,
            "Degraded: n3 refuses reads until its state machine has loaded the snapshot at index"
                + " 12,345"
                + ONE_MORE),
        row(
            "a member that takes over another one's state is not called slow",
            Views.of(n1(), n2(), grown(s -> loading(s, 12_345), 12_400).setAppliedIndex(1)),
            DEGRADED,
            "Degraded: the state machine of n3 is loading the snapshot at index 12,345 and applies"
                + " nothing until then"
                + ONE_MORE),
        row(
            "a member that saves one",
            Views.of(n1(), n2(), member(s -> s.setActivity(SnapshotActivity.SAVING))),
            HEALTHY,
            WELL));
  }

  private static Stream<Arguments> failing() {
    return Stream.of(
        row(
            "snapshots that fail",
            Views.of(
                n1(), n2(), grown(s -> taken(s, 400, 0).setLastFailure("no space left"), 9_000)),
            DEGRADED,
            "Degraded: the last snapshot of n3 failed, and its log grows: it has 8,600 entries more"
                + " than its newest snapshot"
                + ONE_MORE),
        row(
            "snapshots that have always failed",
            Views.of(n1(), n2(), member(s -> s.setLastFailure("no space left"))),
            DEGRADED,
            "Degraded: the last snapshot of n3 failed, and its log grows: it has 1,000 entries more"
                + " than its newest snapshot"
                + ONE_MORE));
  }

  private static Stream<Arguments> growing() {
    return Stream.of(
        row(
            "an old snapshot and a log that has grown",
            Views.of(n1(), n2(), grown(s -> taken(s, 500_000, 5 * HOUR_MS), 1_700_000)),
            DEGRADED,
            "Degraded: the newest snapshot of n3 is 5 h old, and its log has grown by 1,200,000"
                + " entries since"
                + ONE_MORE),
        row(
            "an old snapshot of a group that rests",
            Views.of(n1(), n2(), grown(s -> taken(s, 500_000, 500 * HOUR_MS), 500_100)),
            HEALTHY,
            WELL),
        row(
            "a young snapshot of a busy group",
            Views.of(n1(), n2(), grown(s -> taken(s, 500_000, HOUR_MS), 1_700_000)),
            HEALTHY,
            WELL),
        row(
            "an old snapshot of a busy group that is saving the next one",
            Views.of(
                n1(),
                n2(),
                grown(
                    s -> taken(s, 500_000, 5 * HOUR_MS).setActivity(SnapshotActivity.SAVING),
                    1_700_000)),
            HEALTHY,
            WELL),
        row(
            "no snapshot at all, which may be meant so",
            Views.of(n1(), n2(), grown(s -> {}, 1_700_000)),
            HEALTHY,
            WELL));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void theHeadlineNamesIt(String story, Views views, ClusterHealth health, String headline) {
    Explanation explanation = views.explain();
    assertThat(explanation.headline()).isEqualTo(headline);
    assertThat(explanation.health()).isEqualTo(health);
  }

  @Test
  void aLogWithoutSnapshotsIsANote() {
    Explanation explanation = Views.of(n1(), n2(), grown(s -> {}, 1_700_000)).explain();
    assertThat(explanation.sentences())
        .contains(
            new Sentence(
                Sentence.Severity.INFO,
                "n3 has no snapshot: its log grows, and a restart applies all of it",
                List.of(new Sentence.Evidence("n3", 10, "1,700,000 entries in its log"))));
  }

  @Test
  void theEvidenceTellsReasonAndProgress() {
    assertThat(evidence(Views.of(n1(), n2(), member(s -> s.setLastFailure("no\nspace")))))
        .contains("no space");
    assertThat(evidence(Views.of(n1(), n2(), member(s -> loading(s, 7)))))
        .contains("50 % of 2.0 KiB for 4.0 s");
    assertThat(
            evidence(Views.of(n1(), leader(1, 2), n3()).snapshot("n3", FollowerState.SNAPSHOT, 0)))
        .contains("match 1000 of 1000, snapshot up to index 12345, last contact 30 ms ago");
  }

  private static List<String> evidence(Views views) {
    return views.explain().sentences().stream()
        .flatMap(sentence -> sentence.evidence().stream())
        .map(Sentence.Evidence::fact)
        .toList();
  }

  private static Arguments row(String story, Views views, ClusterHealth health, String headline) {
    return Arguments.of(story, views, health, headline);
  }

  private static SnapshotStatus loading(SnapshotStatus snapshots, long index) {
    return snapshots
        .setActivity(SnapshotActivity.LOADING)
        .setActivityIndex(index)
        .setActivityAgeMs(4_000)
        .setBytesDone(1_024)
        .setBytesTotal(2_048);
  }

  private static SnapshotStatus taken(SnapshotStatus snapshots, long index, long ageMs) {
    return snapshots.setLastIndex(index).setSavedAtMs(NOW - ageMs);
  }

  private static RaftStatus grown(Consumer<SnapshotStatus> change, long last) {
    return member(change)
        .setLastIndex(last)
        .setDurableIndex(last)
        .setCommitIndex(last)
        .setAppliedIndex(last);
  }

  private static RaftStatus member(Consumer<SnapshotStatus> change) {
    SnapshotStatus snapshots = new SnapshotStatus();
    change.accept(snapshots);
    return n3().setTimeMs(NOW).setSnapshots(snapshots);
  }

  private static RaftStatus leader(long bytesDone, long bytesTotal) {
    FollowerStatus third =
        Reports.heard("n3")
            .setReplication("SNAPSHOT")
            .setSnapshotIndex(12_345)
            .setSnapshotBytesDone(bytesDone)
            .setSnapshotBytesTotal(bytesTotal);
    return n2().setFollowers(List.of(Reports.heard("n1"), third));
  }

  private static RaftStatus n1() {
    return Reports.follower("n1", "n2", 7);
  }

  private static RaftStatus n2() {
    return Reports.leader("n2", 7);
  }

  private static RaftStatus n3() {
    return Reports.follower("n3", "n2", 7);
  }
}
