package io.vertxraft.testkit.spec;

import io.vertxraft.testkit.spec.SpecStep.Basis;
import io.vertxraft.testkit.spec.TraceEvent.Receive;
import io.vertxraft.testkit.spec.TraceEvent.Step;
import io.vertxraft.testkit.spec.TraceEvent.StepKind;
import io.vertxraft.testkit.spec.TraceMessage.AppendEntries;
import io.vertxraft.testkit.spec.TraceMessage.AppendEntriesReply;
import io.vertxraft.testkit.spec.TraceMessage.Heartbeat;
import io.vertxraft.testkit.spec.TraceMessage.PreVoteReply;
import io.vertxraft.testkit.spec.TraceMessage.PreVoteRequest;
import io.vertxraft.testkit.spec.TraceMessage.TimeoutNow;
import io.vertxraft.testkit.spec.TraceMessage.VoteReply;
import io.vertxraft.testkit.spec.TraceMessage.VoteRequest;
import io.vertxraft.testkit.spec.TraceState.Role;

/** Finds the action a step must be explained by: by its cause, its terms and its roles. */
final class StepGuards {
  private final SpecJudge judge;
  private final StateGuards states;
  private final ElectionGuards elections;
  private final LogGuards logs;

  StepGuards(SpecJudge judge, StateGuards states, ElectionGuards elections, LogGuards logs) {
    this.judge = judge;
    this.states = states;
    this.elections = elections;
    this.logs = logs;
  }

  /** A step no message caused. */
  void own(SpecStep step, Step event) {
    TraceState before = step.before();
    TraceState after = step.after();
    boolean timeout = event.kind() == StepKind.TICK;
    if (after.term() != before.term()) {
      elections.campaign(step, timeout);
      return;
    }
    Basis basis = new Basis(before.term(), before.votedFor(), before.role(), false);
    states.keepsVote(step, basis);
    if (after.role() == Role.PRE_CANDIDATE && before.role() != Role.PRE_CANDIDATE) {
      elections.preCampaign(step, timeout);
    } else if (after.role() == Role.LEADER && before.role() == Role.CANDIDATE) {
      elections.becomeLeader(step);
    } else if (event.kind() == StepKind.PROPOSE && after.role() == before.role()) {
      logs.clientRequest(step);
    } else {
      // Standing down in its own term is always safe (thesis 6.2 asks it of a cut-off leader).
      states.keepsRole(step, basis, true);
      states.keepsLog(step);
    }
  }

  /** A step that a message caused. */
  void receive(SpecStep step, Receive event) {
    TraceMessage message = event.message();
    String from = event.from();
    if (message instanceof Heartbeat heartbeat) {
      step.member().heartbeat(from, heartbeat.sentAtNanos());
    }
    if (message instanceof PreVoteRequest request) {
      elections.preVoteRequest(step, from, request);
    } else if (message instanceof PreVoteReply reply) {
      elections.preVoteReply(step, from, reply);
    } else if (message.term() < step.before().term()) {
      judge.action(SpecAction.DROP_STALE);
      states.unchanged(step, SpecRule.DROP_STALE);
    } else if (message instanceof VoteRequest && step.after().term() < message.term()) {
      // Whoever may have heard a leader lately keeps silent (thesis 6.4.1).
      judge.action(SpecAction.IGNORE_VOTE_REQUEST);
      states.unchanged(step, SpecRule.DROP_STALE);
    } else {
      handle(step, from, message, updateTerm(step, message.term()));
    }
  }

  /** A higher term makes a follower of that term, before anything else. */
  private Basis updateTerm(SpecStep step, long term) {
    TraceState before = step.before();
    if (term == before.term()) {
      return new Basis(term, before.votedFor(), before.role(), false);
    }
    judge.action(SpecAction.UPDATE_TERM);
    judge.require(
        step.after().term() >= term,
        SpecRule.UPDATE_TERM,
        "the term is %d after a message of term %d",
        step.after().term(),
        term);
    step.member().enterTerm();
    return new Basis(term, null, Role.FOLLOWER, true);
  }

  private void handle(SpecStep step, String from, TraceMessage message, Basis basis) {
    if (message instanceof VoteRequest request) {
      elections.voteRequest(step, from, request, basis);
    } else if (message instanceof VoteReply reply) {
      elections.voteReply(step, from, reply, basis);
    } else if (message instanceof AppendEntries entries) {
      logs.appendEntries(step, from, entries, basis);
    } else if (message instanceof AppendEntriesReply reply) {
      logs.appendEntriesReply(step, from, reply, basis);
    } else if (message instanceof Heartbeat heartbeat) {
      logs.heartbeat(step, from, heartbeat, basis);
    } else if (message instanceof TimeoutNow) {
      elections.timeoutNow(step, basis);
    } else {
      logs.heartbeatReply(step, basis);
    }
  }
}
