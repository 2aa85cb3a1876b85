package io.vertxraft.console;

import static io.vertxraft.console.FollowerState.CATCHING_UP;
import static io.vertxraft.console.FollowerState.FALLING_BEHIND;
import static io.vertxraft.console.FollowerState.HEALTHY;
import static io.vertxraft.console.FollowerState.SNAPSHOT;
import static io.vertxraft.console.FollowerState.STALLED;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.FollowerStatus;
import io.vertxraft.RaftStatus;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FollowerStateTest {

  static Stream<Arguments> table() {
    return Stream.of(
        row("never answered", -1, 0, 0, -1, false, STALLED),
        row("silent", 3_001, 0, 0, -1, false, STALLED),
        row("has everything", 20, 0, 0, 0, false, HEALTHY),
        row("lacks little and moves", 20, 10, -1, 10, true, HEALTHY),
        row("lacks little and does not move", 20, 10, -1, 10, false, STALLED),
        row("lacks what has only just come", 20, 10, 5, 0, false, HEALTHY),
        row("lacks much, but all of it is new", 20, 50_000, 900, 50_000, true, HEALTHY),
        row("lacks much, nothing to compare with", 20, 5_000, -1, -1, true, CATCHING_UP),
        row("lacks less than before", 20, 5_000, -1, 9_000, true, CATCHING_UP),
        row("lacks more than before", 20, 5_000, -1, 4_000, true, FALLING_BEHIND),
        fetching("takes no entries but a snapshot", 20, 0, SNAPSHOT),
        fetching("waits while its snapshot is verified", 20, 30_000, SNAPSHOT),
        fetching("gets no more of its snapshot", 20, 30_001, STALLED),
        fetching("is silent with half of a snapshot", 3_001, 0, STALLED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void theStateFollowsTheDocumentedRule(
      String story, FollowerState.Sample sample, FollowerState expected) {
    assertThat(FollowerState.of(sample, 3_000, 1_000)).isEqualTo(expected);
  }

  @Test
  void theTrackerTellsHowOldTheMissingEntriesAre() {
    FollowerTracker tracker = new FollowerTracker(3_000, 1_000);
    tracker.add(leader(1_000, 1_000), 0);
    tracker.add(leader(2_000, 1_500), 1_000);
    RaftStatus now = leader(3_000, 1_500);
    tracker.add(now, 2_000);
    FollowerReport report = tracker.judge(now, 0, Set.of()).get(0);
    assertThat(report.lagEntries()).isEqualTo(1_500);
    // Index 1,500 was the leader's last half way between the first two reports.
    assertThat(report.lagMs()).isEqualTo(1_500);
  }

  @Test
  void theTrackerSeesAGapGrow() {
    FollowerTracker tracker = new FollowerTracker(3_000, 1_000);
    RaftStatus now = null;
    for (int i = 0; i <= 10; i++) {
      now = leader(10_000 + i * 1_000, 5_000 + i * 100);
      tracker.add(now, i * 500L);
    }
    assertThat(tracker.judge(now, 0, Set.of()).get(0).state()).isEqualTo(FALLING_BEHIND);
  }

  @Test
  void aNewTermStartsTheTrackerAnew() {
    FollowerTracker tracker = new FollowerTracker(3_000, 1_000);
    tracker.add(leader(1_000, 10), 0);
    tracker.add(leader(9_000, 10), 3_500);
    RaftStatus next = leader(9_000, 10).setTerm(8);
    tracker.add(next, 4_000);
    FollowerReport report = tracker.judge(next, 0, Set.of()).get(0);
    assertThat(report.state()).isEqualTo(CATCHING_UP);
    assertThat(report.lagMs()).isEqualTo(-1);
  }

  @Test
  void theAgeOfTheReportCountsAsSilence() {
    FollowerTracker tracker = new FollowerTracker(3_000, 1_000);
    RaftStatus now = leader(1_000, 1_000);
    tracker.add(now, 0);
    assertThat(tracker.judge(now, 2_000, Set.of()).get(0).state()).isEqualTo(HEALTHY);
    assertThat(tracker.judge(now, 3_000, Set.of()).get(0).state()).isEqualTo(STALLED);
  }

  @Test
  void aFollowerThatSaysThatItHasFailedIsStalledEvenIfItAnswers() {
    FollowerTracker tracker = new FollowerTracker(3_000, 1_000);
    RaftStatus now = leader(1_000, 1_000);
    tracker.add(now, 0);
    assertThat(tracker.judge(now, 0, Set.of("n3")).get(0).state()).isEqualTo(STALLED);
  }

  @Test
  void whatAFollowerHoldsThatNeverAnsweredIsNotKnown() {
    FollowerTracker tracker = new FollowerTracker(3_000, 1_000);
    RaftStatus now = leader(197_013, 0);
    now.getFollowers().get(0).setLastContactAgeMs(-1);
    tracker.add(now, 0);
    FollowerReport report = tracker.judge(now, 0, Set.of()).get(0);
    assertThat(report.isLagKnown()).isFalse();
    assertThat(report.toJson().getLong("lagEntries")).isEqualTo(-1);
    assertThat(report.state()).isEqualTo(STALLED);
  }

  @Test
  void whatAFollowerHoldsThatIsStillProbedIsNotKnownEither() {
    FollowerTracker tracker = new FollowerTracker(3_000, 1_000);
    RaftStatus now = leader(197_013, 0);
    now.getFollowers().get(0).setReplication("PROBE");
    tracker.add(now, 0);
    FollowerReport report = tracker.judge(now, 0, Set.of()).get(0);
    assertThat(report.isLagKnown()).isFalse();
    assertThat(report.state()).isEqualTo(CATCHING_UP);
  }

  @Test
  void theTrackerTellsForHowLongASnapshotStandsStill() {
    FollowerTracker tracker = new FollowerTracker(3_000, 1_000);
    tracker.add(reseeding(10_000, 100), 0);
    tracker.add(reseeding(10_000, 200), 10_000);
    tracker.add(reseeding(10_000, 200), 30_000);
    RaftStatus now = reseeding(10_000, 200);
    tracker.add(now, 41_000);

    FollowerReport report = tracker.judge(now, 0, Set.of()).get(0);

    assertThat(report.snapshotStillMs()).isEqualTo(31_000);
    assertThat(report.state()).isEqualTo(STALLED);
    assertThat(report.toJson().getLong("snapshotStillMs")).isEqualTo(31_000);
    RaftStatus another = reseeding(20_000, 200);
    tracker.add(another, 42_000);
    assertThat(tracker.judge(another, 0, Set.of()).get(0).state()).isEqualTo(SNAPSHOT);
  }

  private static RaftStatus reseeding(long snapshotIndex, long bytesDone) {
    RaftStatus leader = leader(50_000, 0);
    leader
        .getFollowers()
        .get(0)
        .setReplication("SNAPSHOT")
        .setSnapshotIndex(snapshotIndex)
        .setSnapshotBytesDone(bytesDone)
        .setSnapshotBytesTotal(1_000);
    return leader;
  }

  private static RaftStatus leader(long last, long match) {
    FollowerStatus follower = Reports.heard("n3").setMatchIndex(match).setLastContactAgeMs(20);
    return Reports.leader("n2", 7).setLastIndex(last).setFollowers(List.of(follower));
  }

  private static Arguments row(
      String story,
      long contact,
      long lag,
      long lagMs,
      long before,
      boolean moved,
      FollowerState expected) {
    return Arguments.of(
        story, new FollowerState.Sample(contact, lag, lagMs, before, moved, -1), expected);
  }

  private static Arguments fetching(
      String story, long contact, long stillMs, FollowerState expected) {
    return Arguments.of(
        story, new FollowerState.Sample(contact, 9_000, -1, 9_000, false, stillMs), expected);
  }
}
