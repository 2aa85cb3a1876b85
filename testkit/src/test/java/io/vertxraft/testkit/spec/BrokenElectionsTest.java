package io.vertxraft.testkit.spec;

import static io.vertxraft.testkit.spec.TraceScript.entries;
import static io.vertxraft.testkit.spec.TraceScript.entry;
import static io.vertxraft.testkit.spec.TraceScript.heartbeat;
import static io.vertxraft.testkit.spec.TraceScript.heartbeatReply;
import static io.vertxraft.testkit.spec.TraceScript.now;
import static io.vertxraft.testkit.spec.TraceScript.preVoteReply;
import static io.vertxraft.testkit.spec.TraceScript.preVoteRequest;
import static io.vertxraft.testkit.spec.TraceScript.voteReply;
import static io.vertxraft.testkit.spec.TraceScript.voteRequest;
import static io.vertxraft.testkit.spec.TraceScript.whenDurable;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Histories that break a rule of terms, votes and leaders: each breaks one, in its last line. */
class BrokenElectionsTest {
  private final TraceScript group = TraceScript.group("n1", "n2", "n3");

  @Test
  void twoVotesInATerm() {
    group.campaigns("n1").campaigns("n3").votes("n2", "n1");
    group.receive("n2", "n3", voteRequest(1, 0, 0), m -> m.vote("n3")).breaks(SpecRule.VOTE_ONCE);
  }

  @Test
  void twoVotesInATermOneOfThemFromTheLifeBefore() {
    group
        .campaigns("n1")
        .campaigns("n3")
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(1).vote("n1"))
        .turn("n2", whenDurable("n1", voteReply(1, true)))
        .stop("n2")
        .start("n2", m -> m.term(0).vote(null))
        .votes("n2", "n3")
        .leads("n3", "n2");
    group.receive("n1", "n2", voteReply(1, true), m -> m.lead()).breaks(SpecRule.VOTE_ONCE);
  }

  @Test
  void aVoteNobodyAskedFor() {
    group.campaigns("n1");
    group
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(1).vote("n3"))
        .breaks(SpecRule.VOTE_ON_REQUEST);
  }

  @Test
  void aVoteGivenToALeader() {
    group.elects("n1", "n2");
    var message = group.sends("n1", "n3", 0);
    group
        .receive("n3", "n1", message, m -> m.follow(1).leader("n1").vote("n1").take(message))
        .breaks(SpecRule.VOTE_ON_REQUEST);
  }

  @Test
  void aVoteForAnOutdatedLog() {
    group.elects("n1", "n2").replicates("n1", "n2", 0).campaigns("n3").campaigns("n3");
    group
        .receive("n2", "n3", voteRequest(2, 0, 0), m -> m.follow(2).vote("n3"))
        .breaks(SpecRule.VOTE_UP_TO_DATE);
  }

  @Test
  void aVoteToldThatWasNotGiven() {
    group
        .campaigns("n1")
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(1))
        .turn("n2", whenDurable("n1", voteReply(1, true)))
        .breaks(SpecRule.REPLY_VOTE);
  }

  @Test
  void aReplyOfAnotherTerm() {
    group
        .campaigns("n1")
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(1))
        .turn("n2", now("n1", voteReply(2, false)))
        .breaks(SpecRule.REPLY_TERM);
  }

  @Test
  void aLeaderWithoutAQuorum() {
    group
        .campaigns("n1")
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(1))
        .turn("n2", now("n1", voteReply(1, false)))
        .receive("n1", "n2", voteReply(1, false), m -> m.lead());
    SpecViolation violation = group.breaks(SpecRule.VOTE_QUORUM);

    assertThat(violation)
        .hasMessageStartingWith("line 9, n1, BecomeLeader: it leads with its own vote and")
        .hasMessageContaining("broken: VOTE_QUORUM (§5.2): a candidate leads only with the votes")
        .hasMessageContaining("4  n1 tick: CANDIDATE t1")
        .hasMessageContaining("8  n2 turn: sent [VoteReply[term=1, granted=false] to n1]");
    assertThat(violation.node()).isEqualTo("n1");
    assertThat(violation.action()).isEqualTo(SpecAction.BECOME_LEADER);
  }

  @Test
  void aVoteOfTheTermBeforeMakesALeader() {
    group.campaigns("n1").votes("n2", "n1").campaigns("n1");
    group.receive("n1", "n2", voteReply(1, true), m -> m.lead()).breaks(SpecRule.DROP_STALE);
  }

  @Test
  void aLeaderWithoutAnEntryOfItsTerm() {
    group.campaigns("n1").votes("n2", "n1");
    group
        .receive("n1", "n2", voteReply(1, true), m -> m.role("LEADER").leader("n1"))
        .breaks(SpecRule.NO_OP);
  }

  @Test
  void aLeaderThatLacksACommittedEntry() {
    TraceScript old = TraceScript.unstarted("n1", "n2", "n3");
    old.start("n1", m -> m.term(1).append(entry(1, 1, "a")).commit(1)).start("n2").start("n3");
    old.campaigns("n2").campaigns("n2").votes("n3", "n2");
    old.receive("n2", "n3", voteReply(2, true), m -> m.lead()).breaks(SpecRule.LEADER_COMPLETENESS);
  }

  @Test
  void aCandidateThatDoesNotVoteForItself() {
    group.tick("n1", m -> m.campaign().vote(null)).breaks(SpecRule.CANDIDATE_VOTES_FOR_ITSELF);
  }

  @Test
  void aCandidatureThatSkipsATerm() {
    group.tick("n1", m -> m.campaign().term(2)).breaks(SpecRule.TERM_EXPLAINED);
  }

  @Test
  void aCandidatureWithoutATimeout() {
    group.step("n1", "applied", m -> m.campaign()).breaks(SpecRule.TERM_EXPLAINED);
  }

  @Test
  void aTermThatGoesBack() {
    group.campaigns("n1").tick("n1", m -> m.follow(0)).breaks(SpecRule.TERM_NEVER_BACK);
  }

  @Test
  void aLeaderThatCampaigns() {
    group.elects("n1", "n2").tick("n1", m -> m.campaign()).breaks(SpecRule.ROLE_EXPLAINED);
  }

  @Test
  void aFollowerThatLeads() {
    group
        .tick("n1", m -> m.role("LEADER").leader("n1").append("a"))
        .breaks(SpecRule.ROLE_EXPLAINED);
  }

  @Test
  void aHigherTermIgnored() {
    group.elects("n1", "n2").turn("n1", now("n3", heartbeat(1, 0, 0, 7)));
    group.receive("n3", "n1", heartbeat(1, 0, 0, 7)).breaks(SpecRule.UPDATE_TERM);
  }

  @Test
  void aVoteRequestOfAHigherTermIgnoredButNotItsTerm() {
    group.campaigns("n1");
    group
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.role("PRE_CANDIDATE"))
        .breaks(SpecRule.DROP_STALE);
  }

  @Test
  void aLeaderThatStaysLeaderInAHigherTerm() {
    group.elects("n1", "n2").campaigns("n3").campaigns("n3");
    group
        .receive("n1", "n3", voteRequest(2, 0, 0), m -> m.term(2).vote(null))
        .breaks(SpecRule.UPDATE_TERM);
  }

  @Test
  void aStaleCandidateGetsAVote() {
    group.campaigns("n1").campaigns("n2").campaigns("n2");
    group
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.role("FOLLOWER"))
        .breaks(SpecRule.DROP_STALE);
  }

  @Test
  void aCandidateThatIgnoresTheLeader() {
    group.campaigns("n3").elects("n1", "n2");
    var message = group.sends("n1", "n3", 0);
    group
        .receive("n3", "n1", message, m -> m.leader("n1").take(message))
        .breaks(SpecRule.FOLLOWS_LEADER);
  }

  @Test
  void aLeaderNobodyHeard() {
    group.tick("n1", m -> m.leader("n2")).breaks(SpecRule.LEADER_HINT);
  }

  @Test
  void aPreVoteThatChangesTheTerm() {
    group
        .tick("n1", m -> m.preCampaign())
        .turn("n1", now("n2", preVoteRequest(1, 0, 0)))
        .receive("n2", "n1", preVoteRequest(1, 0, 0), m -> m.term(1))
        .breaks(SpecRule.PRE_VOTE_CHANGES_NOTHING);
  }

  @Test
  void aCandidatureWithoutAQuorumOfPreVotes() {
    group
        .tick("n1", m -> m.preCampaign())
        .tick("n1", m -> m.campaign())
        .breaks(SpecRule.PRE_VOTE_QUORUM);
  }

  @Test
  void aPreVoteForAnOutdatedLog() {
    group
        .elects("n1", "n2")
        .replicates("n1", "n2", 0)
        .tick("n3", m -> m.preCampaign())
        .turn("n3", now("n2", preVoteRequest(1, 0, 0)))
        .receive("n2", "n3", preVoteRequest(1, 0, 0))
        .turn("n2", now("n3", preVoteReply(1, 1, true)))
        .breaks(SpecRule.PRE_VOTE_GRANTED);
  }

  @Test
  void aPreVoteRequestInTheCurrentTerm() {
    group
        .tick("n1", m -> m.preCampaign())
        .turn("n1", now("n2", preVoteRequest(0, 0, 0)))
        .breaks(SpecRule.SENT_PRE_VOTE_REQUEST);
  }

  @Test
  void aVoteRequestWithABetterLogThanTheOwn() {
    group
        .tick("n1", m -> m.campaign())
        .turn("n1", whenDurable("n2", voteRequest(1, 3, 1)))
        .breaks(SpecRule.SENT_VOTE_REQUEST);
  }

  @Test
  void aFollowerThatSendsEntries() {
    group.turn("n1", now("n2", entries(0, 0, 0, 0))).breaks(SpecRule.SENT_BY_LEADER);
  }

  @Test
  void aCandidateThatSendsHeartbeats() {
    group
        .campaigns("n1")
        .turn("n1", now("n2", heartbeat(1, 0, 0, 7)))
        .breaks(SpecRule.SENT_BY_LEADER);
  }

  @Test
  void anEchoOfNoHeartbeat() {
    group
        .elects("n1", "n2")
        .turn("n2", now("n1", heartbeatReply(1, 7)))
        .breaks(SpecRule.REPLY_HEARTBEAT);
  }

  @Test
  void aPreVoteWithoutATimeout() {
    group.step("n1", "applied", m -> m.preCampaign()).breaks(SpecRule.ROLE_EXPLAINED);
  }

  @Test
  void aFollowerThatStartsATerm() {
    group.tick("n1", m -> m.campaign().role("FOLLOWER")).breaks(SpecRule.ROLE_EXPLAINED);
  }

  @Test
  void aTermBeyondThatOfTheMessage() {
    group.campaigns("n1");
    group
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.follow(2))
        .breaks(SpecRule.TERM_EXPLAINED);
  }

  @Test
  void aStaleCandidateWinsAnotherVote() {
    group.campaigns("n1").campaigns("n3").campaigns("n3");
    group
        .receive("n2", "n3", voteRequest(2, 0, 0), m -> m.follow(2))
        .receive("n2", "n1", voteRequest(1, 0, 0), m -> m.vote("n1"))
        .breaks(SpecRule.DROP_STALE);
  }

  @Test
  void aStaleLeaderIsTakenForTheLeader() {
    group.elects("n1", "n2").campaigns("n3").campaigns("n3");
    group
        .turn("n1", now("n3", heartbeat(1, 0, 0, 7)))
        .receive("n3", "n1", heartbeat(1, 0, 0, 7), m -> m.leader("n1"))
        .breaks(SpecRule.DROP_STALE);
  }
}
