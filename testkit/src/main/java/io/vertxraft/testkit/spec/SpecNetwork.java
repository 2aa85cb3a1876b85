package io.vertxraft.testkit.spec;

import io.vertxraft.testkit.spec.TraceEvent.Receive;
import io.vertxraft.testkit.spec.TraceEvent.Sent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages that are or may be under way: a message can arrive any number of times, at any time
 * after it left, and in any order.
 */
final class SpecNetwork {
  private final SpecJudge judge;
  private final SpecHistory history;
  private final Map<Address, List<Parcel>> parcels = new HashMap<>();

  private record Address(String from, String to, TraceMessage message) {}

  /** A message given to the network: which life's which write it waits for. */
  private record Parcel(SpecDisk disk, long seq, long line) {
    boolean mayHaveLeft() {
      return disk.mayBeDurable(seq) && !disk.forgot(seq);
    }
  }

  SpecNetwork(SpecJudge judge, SpecHistory history) {
    this.judge = judge;
    this.history = history;
  }

  /** A member gives a message to the network. */
  void sent(String from, SpecDisk disk, Sent sent) {
    List<Parcel> same =
        parcels.computeIfAbsent(
            new Address(from, sent.to(), sent.message()), address -> new ArrayList<>(1));
    boolean repeats = !same.isEmpty() && same.get(same.size() - 1).mayHaveLeft();
    if (!repeats || same.get(same.size() - 1).disk() != disk) {
      long seq = sent.waits() ? disk.issuedSeq() : promise(sent) ? disk.confirmableSeq() : 0;
      same.add(new Parcel(disk, seq, judge.line()));
    }
  }

  /** A member has got a message: it must have been sent, and have been free to leave. */
  void received(Receive receive) {
    judge.action(SpecAction.RECEIVE);
    String from = receive.from();
    TraceMessage message = receive.message();
    List<Parcel> same = parcels.get(new Address(from, receive.node(), message));
    judge.require(
        same != null,
        SpecRule.RECEIVED_WAS_SENT,
        "%s never sent %s to %s",
        from,
        message,
        receive.node());
    if (message instanceof TraceMessage.VoteReply reply && reply.granted()) {
      history.voted(from, reply.term(), receive.node());
    } else if (message instanceof TraceMessage.VoteRequest) {
      history.voted(from, message.term(), from);
    }
    for (Parcel parcel : same) {
      if (parcel.mayHaveLeft()) {
        parcel.disk().keep(parcel.seq());
        return;
      }
    }
    throw refuse(from, message, same.get(0));
  }

  private SpecViolation refuse(String from, TraceMessage message, Parcel parcel) {
    if (parcel.disk().mayBeDurable(parcel.seq())) {
      return judge.violation(
          SpecRule.PROMISES_KEPT,
          "%s from %s (line %d) rests on write %d, which its restart did not bring back",
          message,
          from,
          parcel.line(),
          parcel.seq());
    }
    return judge.violation(
        SpecRule.DURABLE_BEFORE_SENT,
        "%s from %s (line %d) waits for write %d, confirmed is at most write %d",
        message,
        from,
        parcel.line(),
        parcel.seq(),
        parcel.disk().confirmableSeq());
  }

  /** Whether a message promises something its sender must never forget. */
  static boolean promise(Sent sent) {
    TraceMessage message = sent.message();
    return message instanceof TraceMessage.VoteRequest
        || (message instanceof TraceMessage.VoteReply vote && vote.granted())
        || (message instanceof TraceMessage.AppendEntriesReply reply && reply.accepted());
  }
}
