package io.vertxraft.testkit.spec;

import io.vertxraft.testkit.spec.SpecStep.Basis;
import io.vertxraft.testkit.spec.TraceMessage.AppendEntries;
import io.vertxraft.testkit.spec.TraceMessage.AppendEntriesReply;
import io.vertxraft.testkit.spec.TraceMessage.Heartbeat;
import io.vertxraft.testkit.spec.TraceState.Role;
import java.util.List;

/** How entries come into logs and leave them: §5.3. */
final class LogGuards {
  private final SpecJudge judge;
  private final StateGuards states;

  LogGuards(SpecJudge judge, StateGuards states) {
    this.judge = judge;
    this.states = states;
  }

  /** Clients propose; only a leader appends, in its own term. */
  void clientRequest(SpecStep step) {
    LogChange change = step.change();
    if (change.isNone()) {
      return;
    }
    judge.action(SpecAction.CLIENT_REQUEST);
    long term = step.after().term();
    judge.require(
        step.keepsLeading() && change.append().stream().allMatch(entry -> entry.term() == term),
        SpecRule.LOG_EXPLAINED,
        "%s of term %d: %s",
        step.after().role(),
        term,
        change);
  }

  void appendEntries(SpecStep step, String from, AppendEntries message, Basis basis) {
    judge.action(SpecAction.HANDLE_APPEND_ENTRIES);
    follows(step, from, basis);
    SpecTerm term = step.member().term();
    term.leaderCommits(message.leaderCommit());
    LogView log = step.log();
    if (log.termAt(message.prevLogIndex()) != message.prevLogTerm()) {
      term.refused().add(message.prevLogIndex());
      judge.require(
          step.change().isNone(),
          SpecRule.CONSISTENCY_CHECK,
          "the log has term %d at %d, the leader's has %d: %s",
          log.termAt(message.prevLogIndex()),
          message.prevLogIndex(),
          message.prevLogTerm(),
          step.change());
      return;
    }
    LogChange due = repair(log, message);
    if (step.change().isNone() && !due.isNone()) {
      // Entries may be left where they are, as if the message had come without them.
      term.verify(message.prevLogIndex());
      return;
    }
    judge.requireSame(due, step.change(), SpecRule.CONFLICT_REPAIR, "what happens to the log");
    term.verify(message.lastIndex());
  }

  /** What entries that fit do to a log: nothing before the first that differs or is missing. */
  private static LogChange repair(LogView log, AppendEntries message) {
    List<TraceEntry> entries = message.entries();
    int same = 0;
    while (same < entries.size()
        && log.termAt(entries.get(same).index()) == entries.get(same).term()) {
      same++;
    }
    if (same == entries.size()) {
      return LogChange.NONE;
    }
    long first = entries.get(same).index();
    return new LogChange(log.has(first) ? first : 0, entries.subList(same, entries.size()));
  }

  void heartbeat(SpecStep step, String from, Heartbeat message, Basis basis) {
    judge.action(SpecAction.HANDLE_HEARTBEAT);
    follows(step, from, basis);
    states.keepsLog(step);
    SpecTerm term = step.member().term();
    term.leaderCommits(message.commitIndex());
    if (step.log().termAt(message.commitIndex()) == message.commitTerm()) {
      // The same entry at the same place: by Log Matching all before it is the same.
      term.verify(message.commitIndex());
    }
  }

  /** The leader of the term was heard. */
  private void follows(SpecStep step, String from, Basis basis) {
    states.keepsTerm(step, basis);
    states.keepsVote(step, basis);
    TraceState after = step.after();
    judge.require(
        after.role() == Role.FOLLOWER && from.equals(after.leader()),
        SpecRule.FOLLOWS_LEADER,
        "it is %s of leader %s after it heard %s",
        after.role(),
        after.leader(),
        from);
    step.member().term().heard(from);
  }

  void appendEntriesReply(SpecStep step, String from, AppendEntriesReply reply, Basis basis) {
    judge.action(SpecAction.HANDLE_APPEND_ENTRIES_REPLY);
    if (reply.accepted() && basis.role() == Role.LEADER) {
      step.member().term().acknowledged(from, reply.matchIndex());
    }
    keepsAll(step, basis);
  }

  void heartbeatReply(SpecStep step, Basis basis) {
    judge.action(SpecAction.HANDLE_HEARTBEAT_REPLY);
    states.keepsTerm(step, basis);
    states.keepsVote(step, basis);
    // A leader that hears of a member's damage may stand down, which is always safe.
    states.keepsRole(step, basis, true);
    states.keepsLog(step);
  }

  /** Nothing changes but, at most, the commit index. */
  private void keepsAll(SpecStep step, Basis basis) {
    states.keepsTerm(step, basis);
    states.keepsVote(step, basis);
    states.keepsRole(step, basis, false);
    states.keepsLog(step);
  }
}
