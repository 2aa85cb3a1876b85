package io.vertxraft.console;

import static io.vertxraft.console.ClusterHealth.DEGRADED;
import static io.vertxraft.console.ClusterHealth.HEALTHY;
import static io.vertxraft.console.ClusterHealth.NO_LEADER;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertxraft.NodeState;
import io.vertxraft.RaftRole;
import io.vertxraft.RaftStatus;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("R-46: Explain says how the group is and why")
class ExplainTest {

  static Stream<Arguments> table() {
    return Stream.of(followers(), leaders(), slowness(), noLeader(), contradictions())
        .flatMap(rows -> rows);
  }

  /** Followers that answer, lag, fail or are silent. */
  private static Stream<Arguments> followers() {
    return Stream.of(
        row(
            "all is well",
            well(),
            HEALTHY,
            "Healthy: n2 leads term 7 since 4 min; survives 1 more failure"),
        row(
            "a follower does not answer the leader",
            Views.of(n1(), leaderHearingNot("n3", 12_000)).silent("n3", 12_000, "timed out"),
            DEGRADED,
            "Degraded: n3 has not answered leader n2 for 12 s; n2 leads term 7 since 4 min,"
                + " survives no further failure"),
        row(
            "a follower never answered",
            Views.of(n1(), leaderHearingNot("n3", -1)).silent("n3", 12_000, "timed out"),
            DEGRADED,
            "Degraded: n3 has not answered n2 since it leads; n2 leads term 7 since 4 min,"
                + " survives no further failure"),
        row(
            "a follower falls behind",
            well().state("n3", FollowerState.FALLING_BEHIND, 12_000),
            DEGRADED,
            "Degraded: n3 is falling behind: 12,000 entries behind n2; n2 leads term 7 since 4 min,"
                + " survives no further failure"),
        row(
            "a follower catches up",
            well().state("n1", FollowerState.CATCHING_UP, 5_000),
            DEGRADED,
            "Degraded: n1 is catching up: 5,000 entries behind n2; n2 leads term 7 since 4 min,"
                + " survives no further failure"),
        row(
            "a follower answers but takes nothing",
            well().state("n1", FollowerState.STALLED, 50),
            DEGRADED,
            "Degraded: n1 answers leader n2 but takes no entries: 50 entries behind;"
                + " n2 leads term 7 since 4 min, survives no further failure"),
        row(
            "a member failed",
            Views.of(n1(), n2(), failed("n3", "No space left on device")),
            DEGRADED,
            "Degraded: n3 has failed: No space left on device; n2 leads term 7 since 4 min,"
                + " survives no further failure"),
        row(
            "a member is silent here but answers the leader: no false alarm",
            Views.of(n1(), n2()).silent("n3", 12_000, "connection refused"),
            HEALTHY,
            "Healthy: n2 leads term 7 since 4 min; survives 1 more failure"));
  }

  /** Leaders that are silent, not ready or new. */
  private static Stream<Arguments> leaders() {
    return Stream.of(
        row(
            "the leader is silent here but others hear it",
            Views.of(n1(), n3()).silent("n2", 12_000, "connection refused"),
            DEGRADED,
            "Degraded: n2 leads term 7 as n1 and n3 hear it, but does not answer n1"),
        row(
            "the leader does not serve yet",
            Views.of(n1(), n2().setLeaderReady(false), n3()),
            DEGRADED,
            "Degraded: n2 does not serve yet: it has not applied the first entry of term 7;"
                + " n2 leads term 7 since 4 min, survives 1 more failure"),
        row(
            "a leader was just elected",
            Views.of(
                lost("n1", RaftRole.FOLLOWER, 8), newLeader(), lost("n3", RaftRole.FOLLOWER, 8)),
            DEGRADED,
            "Degraded: n2 won term 8 120 ms ago and waits for the answers of a majority"));
  }

  /** Slow parts of a member. */
  private static Stream<Arguments> slowness() {
    return Stream.of(
        row(
            "a slow state machine",
            Views.of(n1().setAppliedIndex(1).setCommitIndex(5_001), n2(), n3()),
            DEGRADED,
            "Degraded: n1 has 5,000 entries committed but not applied: its state machine is slow;"
                + " n2 leads term 7 since 4 min, survives 1 more failure"),
        row(
            "a slow disk",
            Views.of(n1(), n2().setLastIndex(9_000).setDurableIndex(1_000), n3()),
            DEGRADED,
            "Degraded: n2 has 8,000 entries not yet durable: its disk is slow;"
                + " n2 leads term 7 since 4 min, survives 1 more failure"));
  }

  /** Groups without a leader. */
  private static Stream<Arguments> noLeader() {
    return Stream.of(
        row(
            "too few members left",
            Views.of(lost("n1", RaftRole.PRE_CANDIDATE, 7))
                .silent("n2", 6_200, "connection refused")
                .silent("n3", 6_300, "connection refused")
                .noLeaderFor(6_200),
            NO_LEADER,
            "No leader for 6.2 s: only 1 of 3 members can vote as seen from n1, 2 are needed"),
        row(
            "a leader that hears nobody",
            Views.of(
                    lost("n1", RaftRole.FOLLOWER, 7),
                    deafLeader(),
                    lost("n3", RaftRole.FOLLOWER, 7))
                .noLeaderFor(5_000),
            NO_LEADER,
            "No leader for 5.0 s: n2 says that it leads term 7, but hears only 1 of 3 members;"
                + " 2 are needed"),
        row(
            "a split vote",
            Views.of(
                    lost("n1", RaftRole.CANDIDATE, 9).setVotedFor("n1"),
                    lost("n2", RaftRole.CANDIDATE, 9).setVotedFor("n2"),
                    lost("n3", RaftRole.FOLLOWER, 8))
                .noLeaderFor(2_000),
            NO_LEADER,
            "No leader for 2.0 s: the votes of term 9 are split between 2 candidates"),
        row(
            "a campaign",
            Views.of(
                lost("n1", RaftRole.PRE_CANDIDATE, 9),
                lost("n2", RaftRole.FOLLOWER, 9),
                lost("n3", RaftRole.FOLLOWER, 9)),
            NO_LEADER,
            "No leader: n1 asks whether it could win term 10"),
        row(
            "a candidate whose log is behind",
            Views.of(
                lost("n1", RaftRole.CANDIDATE, 9).setVotedFor(null).setLastIndex(900),
                lost("n2", RaftRole.FOLLOWER, 9).setVotedFor(null),
                lost("n3", RaftRole.FOLLOWER, 9).setVotedFor(null)),
            NO_LEADER,
            "No leader: n1 campaigns in term 9, but n2 and n3 hold more of the log and will hardly"
                + " vote for it"),
        row(
            "nobody campaigns yet",
            Views.of(
                lost("n1", RaftRole.FOLLOWER, 9),
                lost("n2", RaftRole.FOLLOWER, 9),
                lost("n3", RaftRole.FOLLOWER, 9)),
            NO_LEADER,
            "No leader: no member campaigns yet; election timers are running"));
  }

  /** Members that contradict each other. */
  private static Stream<Arguments> contradictions() {
    return Stream.of(
        row(
            "a former leader still believes it leads",
            Views.of(Reports.leader("n1", 6), n2(), n3()),
            DEGRADED,
            "Degraded: n1 still believes that it leads term 6, while n2 leads term 7;"
                + " n2 leads term 7 since 4 min, survives 1 more failure"),
        row(
            "two leaders of one term",
            Views.of(Reports.leader("n1", 7), n2(), n3()),
            DEGRADED,
            "Degraded: n1 and n2 both claim to lead term 7;"
                + " n1 leads term 7 since 4 min, survives 1 more failure"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void headlineFollowsFromTheReports(
      String story, Views views, ClusterHealth health, String headline) {
    Explanation explanation = views.explain();
    assertThat(explanation.headline()).isEqualTo(headline);
    assertThat(explanation.health()).isEqualTo(health);
  }

  @Test
  void everyWarningCarriesItsSourceAndAge() {
    Explanation explanation =
        Views.of(n1(), leaderHearingNot("n3", 12_000)).silent("n3", 12_000, "timed out").explain();
    Sentence first = explanation.sentences().get(0);
    assertThat(first.severity()).isEqualTo(Sentence.Severity.WARNING);
    assertThat(first.evidence())
        .containsExactly(
            new Sentence.Evidence("n2", 10, "match 1000 of 1000, last contact 12 s ago"));
  }

  @Test
  void silenceIsToldWithTheErrorOfTheCollector() {
    Explanation explanation =
        Views.of(n1(), n2()).silent("n3", 12_000, "connection refused").explain();
    assertThat(explanation.sentences())
        .contains(
            new Sentence(
                Sentence.Severity.INFO,
                "n3 has not reported to n1",
                List.of(new Sentence.Evidence("n1", 0, "connection refused"))));
  }

  @Test
  void theMostImportantSentencesComeFirst() {
    Explanation explanation =
        Views.of(lost("n1", RaftRole.PRE_CANDIDATE, 7), failed("n2", "disk gone"))
            .silent("n3", 9_000, "x")
            .explain();
    assertThat(explanation.sentences()).extracting(Sentence::severity).isSorted();
    assertThat(explanation.sentences().get(0).evidence())
        .extracting(Sentence.Evidence::fact)
        .containsExactly("n2 is FAILED: disk gone", "n3 silent for 9.0 s: x");
  }

  @Test
  void membersOfAnotherGroupOrMembershipAreADisagreement() {
    RaftStatus other = n3().setGroupId("payments").setMembers(Reports.MEMBERS.subList(1, 3));
    assertThat(Views.of(n1(), n2(), other).explain().disagreements())
        .extracting(Sentence::text)
        .containsExactly(
            "n3 belongs to shop/payments, but n1 to shop/orders",
            "n3 counts other members (n2=127.0.0.1:7002, n3=127.0.0.1:7003) than n1"
                + " (n1=127.0.0.1:7001, n2=127.0.0.1:7002, n3=127.0.0.1:7003)");
  }

  @Test
  void aSingleMemberThatLeadsIsHealthyAndSaysThatItSurvivesNothing() {
    RaftStatus alone =
        Reports.leader("n1", 3).setMembers(Reports.MEMBERS.subList(0, 1)).setFollowers(List.of());
    MemberReport report = new MemberReport("n1", "127.0.0.1", 7001, alone, 0, null);
    Explanation explanation =
        Explain.of(new ClusterView("n1", 0, 3_000, 0, List.of(report), List.of()));
    assertThat(explanation.headline())
        .isEqualTo("Healthy: n1 leads term 3 since 4 min; survives no further failure");
  }

  @Test
  void nothingIsKnownWithoutASingleReport() {
    Explanation explanation = Views.of().silent("n1", 4_000, "node is closed").explain();
    assertThat(explanation.health()).isEqualTo(NO_LEADER);
    assertThat(explanation.headline())
        .isEqualTo("No leader: only 0 of 3 members can vote as seen from n1, 2 are needed");
  }

  private static Arguments row(String story, Views views, ClusterHealth health, String headline) {
    return Arguments.of(story, views, health, headline);
  }

  private static Views well() {
    return Views.of(n1(), n2(), n3());
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

  private static RaftStatus lost(String id, RaftRole role, long term) {
    return Reports.lost(id, role, term);
  }

  private static RaftStatus failed(String id, String why) {
    return Reports.follower(id, null, 7)
        .setLeaderContactAgeMs(-1)
        .setState(NodeState.FAILED)
        .setFailure(why);
  }

  private static RaftStatus leaderHearingNot(String id, long contactAgeMs) {
    RaftStatus leader = n2();
    leader.getFollowers().stream()
        .filter(f -> f.getNodeId().equals(id))
        .forEach(f -> f.setLastContactAgeMs(contactAgeMs));
    return leader;
  }

  private static RaftStatus deafLeader() {
    RaftStatus leader = n2();
    leader.getFollowers().forEach(f -> f.setLastContactAgeMs(5_000));
    return leader;
  }

  private static RaftStatus newLeader() {
    RaftStatus leader = Reports.leader("n2", 8).setRoleSinceMs(120).setLeaderReady(false);
    leader.getFollowers().forEach(f -> f.setLastContactAgeMs(-1));
    return leader;
  }
}
