package io.vertxraft.testkit.explore;

import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.Heartbeat;
import io.vertxraft.protocol.HeartbeatReply;
import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.RaftMessage;
import io.vertxraft.protocol.VoteReply;

/** A message on its way. The send time of heartbeats is left out, see {@link LocalMachine}. */
record Packet(String from, String to, RaftMessage message) {

  static Packet of(String from, String to, RaftMessage message) {
    return new Packet(from, to, withoutTime(message));
  }

  private static RaftMessage withoutTime(RaftMessage message) {
    if (message instanceof Heartbeat heartbeat) {
      return new Heartbeat(heartbeat.term(), heartbeat.commitIndex(), heartbeat.commitTerm(), 0, 0);
    }
    return message instanceof HeartbeatReply reply
        ? new HeartbeatReply(reply.term(), 0, 0, 0)
        : message;
  }

  /**
   * Whether a receiver that has {@code durableTerm}, and {@code isCandidate} in that term or not,
   * has no use for this message any more, now or after any number of restarts: an answer to a
   * question of an earlier term, or to an election that is over. Requests of earlier terms still
   * get an answer.
   */
  boolean isDeadFor(long durableTerm, boolean isCandidate) {
    if (message instanceof PreVoteReply reply) {
      return reply.term() <= durableTerm && reply.campaignTerm() <= durableTerm;
    }
    if (message instanceof HeartbeatReply) {
      return message.term() <= durableTerm;
    }
    if (message instanceof VoteReply) {
      return message.term() < durableTerm || (message.term() == durableTerm && !isCandidate);
    }
    return message instanceof AppendEntriesReply && message.term() < durableTerm;
  }

  @Override
  public String toString() {
    return from + " -> " + to + " " + message;
  }
}
