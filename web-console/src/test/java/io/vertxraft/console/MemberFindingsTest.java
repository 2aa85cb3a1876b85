package io.vertxraft.console;

import static io.vertxraft.console.ClusterHealth.DEGRADED;
import static io.vertxraft.console.ClusterHealth.HEALTHY;
import static io.vertxraft.console.ClusterHealth.NO_LEADER;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.FollowerStatus;
import io.vertxraft.LatencyStatus;
import io.vertxraft.LeaderLease;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStage;
import io.vertxraft.RaftStatus;
import io.vertxraft.StageStatus;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("R-46: what members say of themselves, and which links pass messages one way only")
class MemberFindingsTest {
  private static final String LEADS = "; n2 leads term 7 since 4 min, survives ";
  private static final String ONE_MORE = LEADS + "1 more failure";
  private static final String NO_MORE = LEADS + "no further failure";

  static Stream<Arguments> table() {
    return Stream.concat(conditions(), clocksAndLinks());
  }

  private static Stream<Arguments> conditions() {
    return Stream.of(
        row(
            "a damaged member",
            Views.of(
                n1(),
                leader(follower("n3", f -> f.setDamaged(true))),
                n3().setDamage("entries 40 to 90 are gone")),
            DEGRADED,
            "Degraded: n3 has lost entries and neither votes nor counts until a leader has given"
                + " them again"
                + NO_MORE),
        row(
            "a damaged member that only the leader reports",
            Views.of(n1(), leader(follower("n3", f -> f.setDamaged(true))))
                .silent("n3", 9_000, "x"),
            DEGRADED,
            "Degraded: n3 has lost entries and does not count, as n2 sees it" + NO_MORE),
        row(
            "a disk short of room",
            Views.of(n1(), n2(), n3().setStorageShortage("12 MiB left, 64 MiB are needed")),
            DEGRADED,
            "Degraded: n3 takes no entries, because its disk is short of room" + ONE_MORE),
        row(
            "a member that recovers",
            Views.of(n1().setRecovering(true).setAppliedIndex(200), n2(), n3()),
            DEGRADED,
            "Degraded: n1 refuses reads until it has applied again what its log held when it came"
                + " up"
                + ONE_MORE),
        row(
            "a stalled disk",
            Views.of(n1(), n2(), n3().setOldestWriteAgeMs(2_400).setWritesInFlight(3)),
            DEGRADED,
            "Degraded: the disk of n3 has not finished a write for 2.4 s" + ONE_MORE),
        row(
            "a slow disk that is not stuck",
            Views.of(n1(), n2(), slow(n3(), RaftStage.LOG, 900_000)),
            DEGRADED,
            "Degraded: the disk of n3 is slow: half of its writes take 900 ms or longer"
                + ONE_MORE),
        row(
            "a state machine that takes long for each batch",
            Views.of(n1(), slow(n2(), RaftStage.STATE_MACHINE, 1_500_000), n3()),
            DEGRADED,
            "Degraded: the state machine of n2 is slow: half of its batches take 1.5 s or longer"
                + ONE_MORE),
        row(
            "a disk that is quick enough",
            Views.of(n1(), n2(), slow(n3(), RaftStage.LOG, 249_000)),
            HEALTHY,
            "Healthy: n2 leads term 7 since 4 min; survives 1 more failure"),
        row(
            "a disk that is only busy",
            Views.of(n1(), n2(), n3().setOldestWriteAgeMs(999).setWritesInFlight(3)),
            HEALTHY,
            "Healthy: n2 leads term 7 since 4 min; survives 1 more failure"),
        row(
            "a leadership on its way to another member",
            Views.of(n1(), n2().setTransferTarget("n3"), n3()),
            DEGRADED,
            "Degraded: n2 is handing its leadership over to n3; commands wait for the last step"
                + ONE_MORE));
  }

  private static Stream<Arguments> clocksAndLinks() {
    return Stream.of(
        row(
            "a clock that runs too fast",
            Views.of(n1(), leader(follower("n3", f -> f.setClockSuspect(true))), n3()),
            DEGRADED,
            "Degraded: the clock of n3 runs faster than leases allow for, so n3 counts for none"
                + ONE_MORE),
        row(
            "a follower that hears its leader in vain",
            Views.of(n1(), Reports.hearing(n2(), "n3", 8_000), n3()),
            DEGRADED,
            "Degraded: n3 hears n2, but n2 does not hear n3: messages pass one way only"
                + ONE_MORE),
        row(
            "a link that never worked one way",
            Views.of(n1(), n2(), Reports.hearing(n3(), "n2", -1)),
            DEGRADED,
            "Degraded: n2 hears n3, but n3 does not hear n2: messages pass one way only"
                + ONE_MORE),
        row(
            "a member that has just started has heard nobody but its leader",
            Views.of(n1(), n2(), Reports.hearing(n3(), "n2", -1).setRoleSinceMs(72)),
            HEALTHY,
            "Healthy: n2 leads term 7 since 4 min; survives 1 more failure"),
        row(
            "damage in a group without a leader",
            Views.of(
                Reports.lost("n1", RaftRole.FOLLOWER, 9),
                Reports.lost("n2", RaftRole.FOLLOWER, 9).setDamage("entries 40 to 90 are gone"),
                Reports.lost("n3", RaftRole.FOLLOWER, 9)),
            NO_LEADER,
            "No leader: no member campaigns yet; election timers are running"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void theHeadlineNamesIt(String story, Views views, ClusterHealth health, String headline) {
    Explanation explanation = views.explain();
    assertThat(explanation.headline()).isEqualTo(headline);
    assertThat(explanation.health()).isEqualTo(health);
  }

  @Test
  void followersThatNeitherLeadNorAskAreNotJudgedByTheirSilence() {
    RaftStatus second = Reports.hearing(Reports.follower("n2", "n1", 7), "n3", 9_000);
    Explanation explanation = Views.of(Reports.leader("n1", 7), second, follower3()).explain();
    assertThat(explanation.disagreements()).isEmpty();
  }

  @Test
  void aOneWayLinkCarriesWhatBothEndsSay() {
    Explanation explanation = Views.of(n1(), Reports.hearing(n2(), "n3", 8_000), n3()).explain();
    assertThat(explanation.disagreements().get(0).evidence())
        .containsExactly(
            new Sentence.Evidence("n3", 10, "heard n2 30 ms ago"),
            new Sentence.Evidence("n2", 10, "heard n3 8.0 s ago"));
  }

  @Test
  void damageIsToldWithoutALeaderToo() {
    RaftStatus damaged = Reports.lost("n2", RaftRole.FOLLOWER, 9).setDamage("gone: 40 to 90");
    assertThat(Views.of(Reports.lost("n1", RaftRole.FOLLOWER, 9), damaged).explain().sentences())
        .anySatisfy(
            sentence -> {
              assertThat(sentence.text()).startsWith("n2 has lost entries");
              assertThat(sentence.evidence())
                  .containsExactly(new Sentence.Evidence("n2", 10, "gone: 40 to 90"));
            });
  }

  @Test
  void theLeaseIsToldWithItsStateAndIsNoWarning() {
    assertThat(lease(n2()))
        .isEqualTo("INFO The lease of n2 is valid: for 900 ms more if nobody answers");
    RaftStatus notReady =
        n2().setLeaderLease(new LeaderLease().setState(LeaderLease.State.NOT_READY));
    assertThat(lease(notReady))
        .isEqualTo(
            "INFO n2 has no valid lease: reads by lease cost a round of heartbeats:"
                + " lease not ready");
  }

  @Test
  void whyTheLeaderLeadsIsPartOfTheEvidence() {
    Explanation explanation =
        Views.of(n1(), n2().setRoleCause("won the votes of n1 and n2"), n3()).explain();
    assertThat(explanation.sentences().stream().flatMap(s -> s.evidence().stream()))
        .extracting(Sentence.Evidence::fact)
        .contains("leads because: won the votes of n1 and n2");
  }

  private static String lease(RaftStatus leader) {
    return Views.of(n1(), leader, n3()).explain().sentences().stream()
        .filter(sentence -> sentence.text().contains("lease"))
        .map(s -> s.severity() + " " + s.text() + ": " + s.evidence().get(0).fact())
        .findFirst()
        .orElseThrow();
  }

  private static Arguments row(String story, Views views, ClusterHealth health, String headline) {
    return Arguments.of(story, views, health, headline);
  }

  private static RaftStatus slow(RaftStatus status, RaftStage stage, long p50Micros) {
    LatencyStatus latency =
        new LatencyStatus().setCount(40).setP50Micros(p50Micros).setP99Micros(2 * p50Micros);
    return status.setStages(List.of(new StageStatus().setStage(stage).setLatency(latency)));
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

  private static RaftStatus follower3() {
    return Reports.follower("n3", "n1", 7);
  }

  private static RaftStatus leader(FollowerStatus third) {
    return n2().setFollowers(List.of(Reports.heard("n1"), third));
  }

  private static FollowerStatus follower(String id, Consumer<FollowerStatus> change) {
    FollowerStatus follower = Reports.heard(id);
    change.accept(follower);
    return follower;
  }
}
