package io.vertxraft.testkit.oracle;

import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import java.util.Objects;

/**
 * a message that promises something leaves only when the promise is durable: votes given, the
 * own candidature, entries accepted.
 */
public final class DurableBeforeSend implements Oracle {
  private final OracleContext context;

  /** The rule for a run. */
  public DurableBeforeSend(OracleContext context) {
    this.context = context;
  }

  @Override
  public String id() {
    return "R-16";
  }

  @Override
  public void sent(NodeProbe from, String to, Message message) {
    if (message instanceof VoteReply reply && reply.granted()) {
      requireVote(from, reply.term(), to, message);
    } else if (message instanceof VoteRequest request) {
      requireVote(from, request.term(), from.nodeId(), message);
    } else if (message instanceof AppendEntriesReply reply) {
      requireEntries(from, reply);
    } else if (message instanceof InstallSnapshotReply reply && reply.installed()) {
      requireSnapshot(from, reply);
    }
  }

  /** The vote is on disk, or the disk is in a later term already. */
  private void requireVote(NodeProbe from, long term, String candidate, Message message) {
    HardState durable = from.disk().hardState();
    boolean holds =
        durable.term() > term
            || (durable.term() == term && Objects.equals(durable.votedFor(), candidate));
    if (!holds) {
      throw context.violation(
          id(), "%s sent %s while its disk holds %s", from.nodeId(), message, durable);
    }
  }

  /** The entries are on disk, or the disk is in a later term and may have truncated them. */
  private void requireEntries(NodeProbe from, AppendEntriesReply reply) {
    long durableTerm = from.disk().hardState().term();
    boolean holds =
        durableTerm > reply.term()
            || (durableTerm == reply.term()
                && (!reply.accepted() || durableIndex(from) >= reply.matchIndex()));
    if (!holds) {
      throw context.violation(
          id(),
          "%s sent %s while its disk is in term %d and ends at %d",
          from.nodeId(),
          reply,
          durableTerm,
          durableIndex(from));
    }
  }

  /** What is said to be installed is there, as a snapshot or as entries. */
  private void requireSnapshot(NodeProbe from, InstallSnapshotReply reply) {
    if (durableIndex(from) < reply.lastIndex()) {
      throw context.violation(
          id(), "%s sent %s while its disk ends at %d", from.nodeId(), reply, durableIndex(from));
    }
  }

  private static long durableIndex(NodeProbe node) {
    return Math.max(node.disk().lastIndex(), node.snapshots().newestIndex());
  }
}
