package io.vertxraft.testkit.spec;

import io.vertxraft.testkit.spec.SpecMember.Moment;
import io.vertxraft.testkit.spec.TraceEvent.Sent;
import io.vertxraft.testkit.spec.TraceMessage.AppendEntries;
import io.vertxraft.testkit.spec.TraceMessage.AppendEntriesReply;
import io.vertxraft.testkit.spec.TraceMessage.Heartbeat;
import io.vertxraft.testkit.spec.TraceMessage.HeartbeatReply;
import io.vertxraft.testkit.spec.TraceMessage.PreVoteReply;
import io.vertxraft.testkit.spec.TraceMessage.PreVoteRequest;
import io.vertxraft.testkit.spec.TraceMessage.TimeoutNow;
import io.vertxraft.testkit.spec.TraceMessage.VoteReply;
import io.vertxraft.testkit.spec.TraceMessage.VoteRequest;
import io.vertxraft.testkit.spec.TraceState.Role;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What a member sends must have been true at a moment of its turn. When it sends, and whether at
 * all, is its own affair.
 */
final class SendGuards {
  private final SpecJudge judge;

  SendGuards(SpecJudge judge) {
    this.judge = judge;
  }

  /** Why a message could not be made at a moment. */
  private record Finding(SpecRule rule, String text) {}

  void check(SpecMember member, Sent sent) {
    judge.action(action(sent.message()));
    judge.require(
        member.isVoter(sent.to()) && !sent.to().equals(member.id()),
        SpecRule.SAME_VOTERS,
        "%s is sent to %s, which is no other member",
        sent.message(),
        sent.to());
    List<Moment> moments = member.moments();
    Finding last = null;
    for (int i = moments.size() - 1; i >= 0; i--) {
      Finding finding = finding(member, moments.get(i), sent);
      if (finding == null) {
        promise(member, sent);
        return;
      }
      last = last == null ? finding : last;
    }
    throw judge.violation(last.rule(), "%s to %s: %s", sent.message(), sent.to(), last.text());
  }

  /** A promise waits for the disk, unless the disk already has what it promises. */
  private void promise(SpecMember member, Sent sent) {
    if (sent.waits() || !SpecNetwork.promise(sent)) {
      return;
    }
    long index = sent.message() instanceof AppendEntriesReply reply ? reply.matchIndex() : 0;
    judge.require(
        member.disk().settled(index, member.state().durableIndex()),
        SpecRule.DURABLE_BEFORE_SENT,
        "%s to %s leaves at once, its term, vote or entries are not durable",
        sent.message(),
        sent.to());
  }

  private static SpecAction action(TraceMessage message) {
    if (message instanceof PreVoteRequest) {
      return SpecAction.SEND_PRE_VOTE_REQUEST;
    }
    if (message instanceof VoteRequest) {
      return SpecAction.SEND_VOTE_REQUEST;
    }
    if (message instanceof AppendEntries) {
      return SpecAction.SEND_APPEND_ENTRIES;
    }
    if (message instanceof TimeoutNow) {
      return SpecAction.SEND_TIMEOUT_NOW;
    }
    return message instanceof Heartbeat ? SpecAction.SEND_HEARTBEAT : SpecAction.SEND_REPLY;
  }

  /** Null if the message is true at the moment. */
  private static Finding finding(SpecMember member, Moment moment, Sent sent) {
    TraceMessage message = sent.message();
    if (message instanceof PreVoteRequest request) {
      return preVoteRequest(moment, request);
    }
    if (message instanceof VoteRequest request) {
      return voteRequest(moment, request);
    }
    if (message instanceof AppendEntries entries) {
      return appendEntries(moment, entries);
    }
    if (message instanceof Heartbeat heartbeat) {
      return heartbeat(moment, sent.to(), heartbeat);
    }
    if (message instanceof TimeoutNow) {
      return unless(
          leads(moment, message), SpecRule.SENT_BY_LEADER, () -> "sent in " + moment.state());
    }
    return reply(member, moment, sent.to(), message);
  }

  private static Finding preVoteRequest(Moment moment, PreVoteRequest request) {
    boolean legal =
        moment.state().role() == Role.PRE_CANDIDATE
            && request.term() == moment.state().term() + 1
            && request.lastLogIndex() == moment.log().lastIndex()
            && request.lastLogTerm() == moment.log().lastTerm();
    return unless(legal, SpecRule.SENT_PRE_VOTE_REQUEST, () -> "sent in " + moment.state());
  }

  private static Finding voteRequest(Moment moment, VoteRequest request) {
    boolean legal =
        moment.state().role() == Role.CANDIDATE
            && request.term() == moment.state().term()
            && request.lastLogIndex() == moment.log().lastIndex()
            && request.lastLogTerm() == moment.log().lastTerm();
    return unless(legal, SpecRule.SENT_VOTE_REQUEST, () -> "sent in " + moment.state());
  }

  private static Finding appendEntries(Moment moment, AppendEntries message) {
    if (!leads(moment, message)) {
      return new Finding(SpecRule.SENT_BY_LEADER, "sent in " + moment.state());
    }
    LogView log = moment.log();
    if (log.termAt(message.prevLogIndex()) != message.prevLogTerm()) {
      return new Finding(
          SpecRule.SENT_ENTRIES,
          "the log has term " + log.termAt(message.prevLogIndex()) + " before them");
    }
    long index = message.prevLogIndex();
    for (TraceEntry entry : message.entries()) {
      index++;
      if (!log.has(index) || !log.at(index).equals(entry)) {
        return new Finding(
            SpecRule.SENT_ENTRIES, "the log has " + (log.has(index) ? log.at(index) : "none"));
      }
    }
    return unless(
        message.leaderCommit() <= moment.state().commitIndex(),
        SpecRule.SENT_COMMIT,
        () -> "the commit index is " + moment.state().commitIndex());
  }

  private static Finding heartbeat(Moment moment, String to, Heartbeat message) {
    if (!leads(moment, message)) {
      return new Finding(SpecRule.SENT_BY_LEADER, "sent in " + moment.state());
    }
    boolean legal =
        message.commitIndex() <= moment.state().commitIndex()
            && message.commitIndex() <= moment.term().match(to)
            && message.commitTerm() == moment.log().termAt(message.commitIndex());
    return unless(
        legal,
        SpecRule.SENT_COMMIT,
        () ->
            "the commit index is %d, the follower is known to hold %d, the term there is %d"
                .formatted(
                    moment.state().commitIndex(),
                    moment.term().match(to),
                    moment.log().termAt(message.commitIndex())));
  }

  private static boolean leads(Moment moment, TraceMessage message) {
    return moment.state().role() == Role.LEADER && moment.state().term() == message.term();
  }

  private static Finding reply(SpecMember member, Moment moment, String to, TraceMessage message) {
    TraceState state = moment.state();
    if (message.term() != state.term()) {
      return new Finding(SpecRule.REPLY_TERM, "the term is " + state.term());
    }
    if (message instanceof PreVoteReply reply) {
      return unless(
          !reply.granted() || member.preVoteDue(to, reply.campaignTerm()),
          SpecRule.PRE_VOTE_GRANTED,
          () -> "no request of that term whose log is up to date came from it");
    }
    if (message instanceof VoteReply reply) {
      return unless(
          !reply.granted() || Objects.equals(state.votedFor(), to),
          SpecRule.REPLY_VOTE,
          () -> "the vote is " + state.votedFor());
    }
    if (message instanceof HeartbeatReply reply) {
      return unless(
          member.gotHeartbeat(to, reply.sentAtNanos()),
          SpecRule.REPLY_HEARTBEAT,
          () -> "no such heartbeat came from it");
    }
    return appendReply(moment, to, (AppendEntriesReply) message);
  }

  private static Finding appendReply(Moment moment, String to, AppendEntriesReply reply) {
    SpecTerm term = moment.term();
    if (!reply.accepted()) {
      return unless(
          reply.matchIndex() == 0 || term.refused().contains(reply.matchIndex()),
          SpecRule.REPLY_REFUSED,
          () -> "no entries after index " + reply.matchIndex() + " came that do not fit");
    }
    boolean known = to.equals(term.leader()) && reply.matchIndex() <= term.verified();
    return unless(
        known,
        SpecRule.REPLY_MATCH,
        () ->
            "the log is known to equal that of %s up to %d, and ends at %d"
                .formatted(term.leader(), term.verified(), moment.log().lastIndex()));
  }

  private static Finding unless(boolean legal, SpecRule rule, Supplier<String> text) {
    return legal ? null : new Finding(rule, text.get());
  }
}
