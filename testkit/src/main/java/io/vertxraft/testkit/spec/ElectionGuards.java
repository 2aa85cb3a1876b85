package io.vertxraft.testkit.spec;

import io.vertxraft.testkit.spec.SpecStep.Basis;
import io.vertxraft.testkit.spec.TraceMessage.PreVoteReply;
import io.vertxraft.testkit.spec.TraceMessage.PreVoteRequest;
import io.vertxraft.testkit.spec.TraceMessage.VoteReply;
import io.vertxraft.testkit.spec.TraceMessage.VoteRequest;
import io.vertxraft.testkit.spec.TraceState.Role;
import java.util.Objects;

/** How terms, votes and leaders come about: §5.2, §5.4.1, thesis 9.6. */
final class ElectionGuards {
  private final SpecJudge judge;
  private final SpecHistory history;
  private final StateGuards states;

  ElectionGuards(SpecJudge judge, SpecHistory history, StateGuards states) {
    this.judge = judge;
    this.history = history;
    this.states = states;
  }

  /** A pre-vote begins, in the same term. */
  void preCampaign(SpecStep step, boolean timeout) {
    judge.action(SpecAction.TIMEOUT);
    judge.require(
        timeout && step.before().role() != Role.LEADER,
        SpecRule.ROLE_EXPLAINED,
        "%s becomes PRE_CANDIDATE without a timeout",
        step.before().role());
    step.member().term().preVotes().clear();
    states.keepsLog(step);
  }

  /**
   * A candidature begins, in the next term; the only voter of a group may win it at once.
   *
   * @param timeout whether an election timeout can be the cause; without one, only a won pre-vote
   */
  void campaign(SpecStep step, boolean timeout) {
    judge.action(SpecAction.TIMEOUT);
    TraceState before = step.before();
    TraceState after = step.after();
    SpecMember member = step.member();
    judge.requireSame(
        before.term() + 1, after.term(), SpecRule.TERM_EXPLAINED, "a candidate's term");
    if (before.role() == Role.PRE_CANDIDATE) {
      judge.require(
          member.isQuorum(true, member.term().preVotes()::contains),
          SpecRule.PRE_VOTE_QUORUM,
          "it campaigns with the pre-votes of %s only",
          member.term().preVotes());
    } else {
      judge.require(
          timeout, SpecRule.TERM_EXPLAINED, "%s campaigns without a timeout", before.role());
    }
    judge.require(
        before.role() != Role.LEADER && after.role() != Role.PRE_CANDIDATE,
        SpecRule.ROLE_EXPLAINED,
        "%s becomes %s in a new term",
        before.role(),
        after.role());
    judge.requireSame(
        step.self(), after.votedFor(), SpecRule.CANDIDATE_VOTES_FOR_ITSELF, "the vote");
    member.enterTerm();
    if (after.role() == Role.LEADER) {
      becomeLeader(step);
    } else {
      judge.requireSame(Role.CANDIDATE, after.role(), SpecRule.ROLE_EXPLAINED, "the role");
      states.keepsLog(step);
    }
  }

  /** A candidate becomes the leader of its term, and appends the first entry of it. */
  void becomeLeader(SpecStep step) {
    judge.action(SpecAction.BECOME_LEADER);
    SpecMember member = step.member();
    long term = step.after().term();
    judge.require(
        member.isQuorum(true, member.term().votes()::contains),
        SpecRule.VOTE_QUORUM,
        "it leads with its own vote and those of %s",
        member.term().votes());
    history.leads(step.self(), term);
    history.elected(step.log(), term);
    LogChange change = step.change();
    judge.require(
        change.truncateFrom() == 0,
        SpecRule.LEADER_APPEND_ONLY,
        "the new leader truncates its log from %d on",
        change.truncateFrom());
    judge.require(
        !change.append().isEmpty()
            && change.append().stream().allMatch(entry -> entry.term() == term),
        SpecRule.NO_OP,
        "the new leader of term %d: %s",
        term,
        change);
  }

  void preVoteRequest(SpecStep step, String from, PreVoteRequest request) {
    judge.action(SpecAction.HANDLE_PRE_VOTE_REQUEST);
    states.unchanged(step, SpecRule.PRE_VOTE_CHANGES_NOTHING);
    TraceState state = step.before();
    boolean voteFree =
        request.term() > state.term()
            || (request.term() == state.term()
                && (state.votedFor() == null || state.votedFor().equals(from)));
    if (voteFree && step.log().isNoNewerThan(request.lastLogIndex(), request.lastLogTerm())) {
      step.member().mayPreVote(from, request.term());
    }
  }

  void preVoteReply(SpecStep step, String from, PreVoteReply reply) {
    judge.action(SpecAction.HANDLE_PRE_VOTE_REPLY);
    TraceState before = step.before();
    TraceState after = step.after();
    if (reply.granted()
        && before.role() == Role.PRE_CANDIDATE
        && reply.campaignTerm() == before.term() + 1) {
      step.member().term().preVotes().add(from);
    }
    if (after.term() == before.term()) {
      Basis basis = new Basis(before.term(), before.votedFor(), before.role(), false);
      states.keepsVote(step, basis);
      states.keepsRole(step, basis, before.role() == Role.PRE_CANDIDATE);
      states.keepsLog(step);
    } else if (after.term() == reply.term() && after.role() == Role.FOLLOWER) {
      // The voter's own term may be learned from its reply, as from any message.
      judge.action(SpecAction.UPDATE_TERM);
      step.member().enterTerm();
      states.keepsVote(step, new Basis(reply.term(), null, Role.FOLLOWER, true));
      states.keepsLog(step);
    } else {
      campaign(step, false);
    }
  }

  void voteRequest(SpecStep step, String from, VoteRequest request, Basis basis) {
    judge.action(SpecAction.HANDLE_VOTE_REQUEST);
    states.keepsTerm(step, basis);
    String vote = step.after().votedFor();
    boolean votes = !Objects.equals(vote, basis.vote());
    if (votes) {
      judge.require(
          basis.vote() == null,
          SpecRule.VOTE_ONCE,
          "it votes for %s in term %d, and for %s before",
          vote,
          basis.term(),
          basis.vote());
      judge.requireSame(from, vote, SpecRule.VOTE_ON_REQUEST, "the vote");
      judge.require(
          step.log().isNoNewerThan(request.lastLogIndex(), request.lastLogTerm()),
          SpecRule.VOTE_UP_TO_DATE,
          "it votes for a log that ends at %d/t%d, its own ends at %d/t%d",
          request.lastLogIndex(),
          request.lastLogTerm(),
          step.log().lastIndex(),
          step.log().lastTerm());
    }
    states.keepsRole(step, basis, votes);
    states.keepsLog(step);
  }

  /** The leader wants the member to campaign, and the member does or does not (thesis 3.10). */
  void timeoutNow(SpecStep step, Basis basis) {
    judge.action(SpecAction.HANDLE_TIMEOUT_NOW);
    if (step.after().term() == basis.term()) {
      states.keepsTerm(step, basis);
      states.keepsVote(step, basis);
      states.keepsRole(step, basis, false);
      states.keepsLog(step);
    } else {
      campaign(step, true);
    }
  }

  void voteReply(SpecStep step, String from, VoteReply reply, Basis basis) {
    judge.action(SpecAction.HANDLE_VOTE_REPLY);
    states.keepsTerm(step, basis);
    states.keepsVote(step, basis);
    boolean campaigns = basis.role() == Role.CANDIDATE;
    if (reply.granted() && campaigns) {
      step.member().term().votes().add(from);
    }
    if (campaigns && step.after().role() == Role.LEADER) {
      becomeLeader(step);
    } else {
      states.keepsRole(step, basis, campaigns);
      states.keepsLog(step);
    }
  }
}
