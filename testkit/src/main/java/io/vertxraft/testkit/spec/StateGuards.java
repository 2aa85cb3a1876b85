package io.vertxraft.testkit.spec;

import io.vertxraft.testkit.spec.SpecStep.Basis;
import io.vertxraft.testkit.spec.TraceState.Role;

/** What holds in every transition, whatever caused it. */
final class StateGuards {
  private final SpecJudge judge;
  private final SpecHistory history;

  StateGuards(SpecJudge judge, SpecHistory history) {
    this.judge = judge;
    this.history = history;
  }

  /** A process starts: against what the lives before it promised. */
  void restart(SpecMember member, TraceEvent.Start start) {
    judge.action(SpecAction.RESTART);
    judge.require(
        start.life() > member.life(),
        SpecRule.LIFE_CYCLE,
        "life %d follows life %d",
        start.life(),
        member.life());
    history.voters(start.voters());
    TraceState state = start.state();
    judge.require(
        state.role() == Role.FOLLOWER && state.leader() == null,
        SpecRule.STARTS_AS_FOLLOWER,
        "it starts as %s of leader %s",
        state.role(),
        state.leader());
    boolean first = member.disk() == null;
    if (!first) {
      member.disk().recovered(start);
    }
    LogView log = new LogView(start.log(), start.log().size());
    contiguous(new LogChange(0, start.log()), 0);
    reported(state, log);
    judge.requireSame(
        log.lastIndex(), state.durableIndex(), SpecRule.DURABLE_INDEX, "the durable index");
    judge.require(
        log.lastTerm() <= state.term(),
        SpecRule.RECOVERS_WHAT_WAS_WRITTEN,
        "the log ends with term %d, the term is %d",
        log.lastTerm(),
        state.term());
    if (start.voters().size() == 1) {
      history.restartedAlone();
    }
    history.entered(log, 1);
    judge.require(
        first || state.commitIndex() <= member.highestCommit(),
        SpecRule.FOLLOWER_COMMIT,
        "commit index %d is recovered, it was never beyond %d",
        state.commitIndex(),
        member.highestCommit());
    // A trace may begin with a group that has a past: that was committed before any of its terms.
    history.committed(log, 1, state.commitIndex(), 0);
    judge.require(
        state.appliedIndex() <= state.commitIndex(),
        SpecRule.APPLY_COMMITTED,
        "applied index %d is beyond commit index %d",
        state.appliedIndex(),
        state.commitIndex());
    member.start(start, new SpecDisk(judge, start));
  }

  /** Before a transition is judged by its cause. */
  void begin(SpecStep step) {
    TraceState before = step.before();
    judge.require(
        step.after().term() >= before.term(),
        SpecRule.TERM_NEVER_BACK,
        "term %d follows term %d",
        step.after().term(),
        before.term());
    LogChange change = step.change();
    if (change.truncateFrom() != 0) {
      judge.require(
          step.log().has(change.truncateFrom()),
          SpecRule.STATE_MATCHES_LOG,
          "the log is truncated from %d, it ends at %d",
          change.truncateFrom(),
          step.log().lastIndex());
      judge.require(
          !step.keepsLeading(),
          SpecRule.LEADER_APPEND_ONLY,
          "the leader truncates its log from %d on",
          change.truncateFrom());
      history.removes(step.log(), change.truncateFrom());
    }
    long stays = change.truncateFrom() > 0 ? change.truncateFrom() - 1 : step.log().lastIndex();
    contiguous(change, stays);
  }

  private void contiguous(LogChange change, long stays) {
    long index = stays;
    for (TraceEntry entry : change.append()) {
      index++;
      judge.require(
          entry.index() == index,
          SpecRule.STATE_MATCHES_LOG,
          "entry %s is added at index %d",
          entry,
          index);
    }
  }

  /**
   * The cause explains term, vote, role and log; now the log changes, and the indexes are judged.
   *
   * @param persisted whether the storage confirmed writes
   * @param seq up to which one, 0 if untold
   */
  void conclude(SpecStep step, boolean persisted, long seq) {
    SpecMember member = step.member();
    TraceState before = step.before();
    TraceState after = step.after();
    LogChange change = step.change();
    if (!change.isNone()) {
      member.change(change);
      long from = change.truncateFrom() > 0 ? change.truncateFrom() : before.lastIndex() + 1;
      history.entered(member.log(), from);
    }
    reported(after, member.log());
    leaderHint(member, after);
    durable(step, persisted, seq);
    commit(step);
    if (after.appliedIndex() != before.appliedIndex()) {
      judge.action(SpecAction.APPLY);
    }
    judge.require(
        after.appliedIndex() >= before.appliedIndex()
            && after.appliedIndex() <= after.commitIndex(),
        SpecRule.APPLY_COMMITTED,
        "applied index %d follows %d at commit index %d",
        after.appliedIndex(),
        before.appliedIndex(),
        after.commitIndex());
    member.now(after);
  }

  private void reported(TraceState state, LogView log) {
    judge.requireSame(
        log.lastIndex(), state.lastIndex(), SpecRule.STATE_MATCHES_LOG, "the last index");
    judge.requireSame(
        log.lastTerm(), state.lastTerm(), SpecRule.STATE_MATCHES_LOG, "the last term");
    judge.require(
        state.commitIndex() <= log.lastIndex(),
        SpecRule.STATE_MATCHES_LOG,
        "commit index %d is beyond the log's end %d",
        state.commitIndex(),
        log.lastIndex());
  }

  private void leaderHint(SpecMember member, TraceState after) {
    String leader = after.leader();
    boolean legal =
        after.role() == Role.LEADER
            ? member.id().equals(leader)
            : leader == null || leader.equals(member.term().leader());
    judge.require(
        legal,
        SpecRule.LEADER_HINT,
        "%s takes %s for leader, heard was %s",
        after.role(),
        leader,
        member.term().leader());
  }

  private void durable(SpecStep step, boolean persisted, long seq) {
    long due = step.before().durableIndex();
    if (step.change().truncateFrom() > 0) {
      due = Math.min(due, step.change().truncateFrom() - 1);
    }
    long reported = step.after().durableIndex();
    if (!persisted) {
      judge.requireSame(due, reported, SpecRule.DURABLE_INDEX, "the durable index");
      return;
    }
    judge.action(SpecAction.PERSIST);
    judge.require(
        reported >= due,
        SpecRule.DURABLE_INDEX,
        "durable index %d follows %d without a truncation",
        reported,
        due);
    step.member().disk().persisted(seq, reported, step.member().log());
  }

  private void commit(SpecStep step) {
    SpecMember member = step.member();
    TraceState after = step.after();
    long before = step.before().commitIndex();
    long commit = after.commitIndex();
    judge.require(
        commit >= before, SpecRule.COMMIT_NEVER_BACK, "commit index %d follows %d", commit, before);
    long entitled = member.entitled();
    if (commit == before) {
      return;
    }
    judge.action(SpecAction.ADVANCE_COMMIT_INDEX);
    LogView log = member.log();
    if (commit > entitled) {
      judge.require(
          after.role() == Role.LEADER,
          SpecRule.FOLLOWER_COMMIT,
          "it commits up to %d, its leaders entitle it to %d",
          commit,
          entitled);
      judge.require(
          log.termAt(commit) == after.term(),
          SpecRule.COMMIT_OWN_TERM,
          "the leader of term %d commits entry %s by counting",
          after.term(),
          log.at(commit));
      judge.require(
          member.isQuorum(
              after.durableIndex() >= commit, other -> member.term().match(other) >= commit),
          SpecRule.COMMIT_QUORUM,
          "the leader commits up to %d, no quorum acknowledged that as durable (its own: %d)",
          commit,
          after.durableIndex());
    }
    history.committed(log, before + 1, commit, after.term());
  }

  /** A message that must have no effect had none. */
  void unchanged(SpecStep step, SpecRule rule) {
    TraceState before = step.before();
    TraceState after = step.after();
    judge.requireSame(before.term(), after.term(), rule, "the term");
    judge.requireSame(before.votedFor(), after.votedFor(), rule, "the vote");
    judge.requireSame(before.role(), after.role(), rule, "the role");
    judge.requireSame(before.leader(), after.leader(), rule, "the leader");
    judge.requireSame(before.commitIndex(), after.commitIndex(), rule, "the commit index");
    judge.require(step.change().isNone(), rule, "the log changes: %s", step.change());
  }

  /** The term stays what it is on this basis. */
  void keepsTerm(SpecStep step, Basis basis) {
    judge.requireSame(basis.term(), step.after().term(), SpecRule.TERM_EXPLAINED, "the term");
  }

  /** The vote stays what it is on this basis. */
  void keepsVote(SpecStep step, Basis basis) {
    SpecRule rule = basis.vote() == null ? SpecRule.VOTE_ON_REQUEST : SpecRule.VOTE_ONCE;
    judge.requireSame(basis.vote(), step.after().votedFor(), rule, "the vote");
  }

  /** The role stays what it is on this basis, or becomes that of a follower where it may. */
  void keepsRole(SpecStep step, Basis basis, boolean mayStandDown) {
    Role role = step.after().role();
    if (role == Role.FOLLOWER && basis.role() != Role.FOLLOWER && mayStandDown) {
      judge.action(SpecAction.STAND_DOWN);
      return;
    }
    SpecRule rule = basis.updated() ? SpecRule.UPDATE_TERM : SpecRule.ROLE_EXPLAINED;
    judge.requireSame(basis.role(), role, rule, "the role");
  }

  /** The log stays as it is. */
  void keepsLog(SpecStep step) {
    judge.require(
        step.change().isNone(), SpecRule.LOG_EXPLAINED, "the log changes: %s", step.change());
  }
}
