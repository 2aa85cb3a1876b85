package io.vertxraft.testkit.explore;

import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import java.util.List;

/** Safety rules that show in one step of one member: what it may forget, and what it may say. */
final class MemberRules {
  private MemberRules() {}

  /** The rule that a step breaks, or null. */
  static String check(
      LocalState before, LocalState after, boolean crashed, List<Packet> sent, LogTree logs) {
    String broken = votes(before.durable(), after.durable());
    if (broken == null && !crashed) {
      broken = memory(before, after, logs);
    }
    for (Packet packet : sent) {
      if (broken == null) {
        broken = promise(after, packet, logs);
      }
    }
    return broken;
  }

  /**
   * One vote per term: what is durable survives restarts, so it is enough that it never changes.
   */
  private static String votes(HardState before, HardState after) {
    if (after.term() < before.term()) {
      return "durable term went back from %d to %d".formatted(before.term(), after.term());
    }
    boolean voteChanged =
        after.term() == before.term()
            && before.votedFor() != null
            && !before.votedFor().equals(after.votedFor());
    return voteChanged
        ? "one vote per term: vote of term %d changed from %s to %s"
            .formatted(after.term(), before.votedFor(), after.votedFor())
        : null;
  }

  private static String memory(LocalState before, LocalState after, LogTree logs) {
    if (after.term() < before.term()) {
      return "term went back from %d to %d".formatted(before.term(), after.term());
    }
    if (after.commitIndex() < before.commitIndex()) {
      return "commit index went back from %d to %d"
          .formatted(before.commitIndex(), after.commitIndex());
    }
    boolean leads = before.isLeader() && after.isLeader() && before.term() == after.term();
    return leads && !logs.isPrefix(before.log(), after.log())
        ? "leader append-only: log %s became %s"
            .formatted(logs.text(before.log()), logs.text(after.log()))
        : null;
  }

  /** What a member tells others about its disk must be true. */
  private static String promise(LocalState after, Packet packet, LogTree logs) {
    HardState durable = after.durable();
    long term = packet.message().term();
    String vote = null;
    if (packet.message() instanceof VoteReply reply && reply.granted()) {
      vote = packet.to();
    } else if (packet.message() instanceof VoteRequest) {
      vote = packet.from();
    }
    if (vote != null
        && (durable.term() < term
            || (durable.term() == term && !vote.equals(durable.votedFor())))) {
      return "told of a vote that is not durable: " + packet;
    }
    boolean confirms =
        packet.message() instanceof AppendEntriesReply reply
            && reply.accepted()
            && reply.matchIndex() > logs.length(after.durableLog());
    return confirms ? "confirmed entries that are not durable: " + packet : null;
  }
}
