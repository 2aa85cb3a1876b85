package io.vertxraft.testkit.oracle;

import io.vertxraft.protocol.AppendEntriesReply;
import io.vertxraft.protocol.InstallSnapshotReply;
import io.vertxraft.protocol.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * I7, how it comes about (§5.3): what a leader takes for replicated to a follower, the follower has
 * confirmed to this leader in this term. A confirmation of another term may be about entries that
 * are gone; it does harm only when it decides a commit, but here it shows at once.
 */
public final class ReplicationKnown implements Oracle {
  private final OracleContext context;

  /** What each member has confirmed last, by member and leader. */
  private final Map<String, Map<String, Confirmed>> confirmed = new HashMap<>();

  private final Map<String, Long> seen = new HashMap<>();

  /** The rule for a run. */
  public ReplicationKnown(OracleContext context) {
    this.context = context;
  }

  private static final class Confirmed {
    long term;
    long index;
  }

  @Override
  public String id() {
    return "I7";
  }

  @Override
  public void sent(NodeProbe from, String to, Message message) {
    if (message instanceof AppendEntriesReply reply && reply.accepted()) {
      confirmed(of(from.nodeId(), to), reply.term(), reply.matchIndex());
    } else if (message instanceof InstallSnapshotReply reply && reply.installed()) {
      confirmed(of(from.nodeId(), to), reply.term(), reply.lastIndex());
    }
  }

  private static void confirmed(Confirmed last, long term, long index) {
    if (term > last.term) {
      last.term = term;
      last.index = 0;
    }
    if (term == last.term) {
      last.index = Math.max(last.index, index);
    }
  }

  private Confirmed of(String follower, String leader) {
    return confirmed
        .computeIfAbsent(follower, id -> new HashMap<>())
        .computeIfAbsent(leader, id -> new Confirmed());
  }

  @Override
  public void afterTurn(NodeProbe node) {
    if (!node.isLeader()) {
      return;
    }
    // Within a reign what is known only grows: the same sum means nothing new.
    long sum = node.term();
    List<NodeProbe> others = context.nodes();
    for (int i = 0; i < others.size(); i++) {
      sum += node.matchIndex(others.get(i).nodeId());
    }
    Long before = seen.put(node.nodeId(), sum);
    if (before == null || before != sum) {
      others.forEach(other -> check(node, other.nodeId(), node.matchIndex(other.nodeId())));
    }
  }

  private void check(NodeProbe leader, String follower, long matchIndex) {
    Confirmed last = of(follower, leader.nodeId());
    boolean confirmed = last.term == leader.term() && last.index >= matchIndex;
    // The follower may have gone on to a term that this leader does not know of yet.
    if (matchIndex > 0 && !confirmed && last.term <= leader.term()) {
      throw context.violation(
          id(),
          "%s leads term %d and takes %s for equal up to %d, which has confirmed %d in term %d",
          leader.nodeId(),
          leader.term(),
          follower,
          matchIndex,
          last.index,
          last.term);
    }
  }
}
