package io.vertxraft.testkit.oracle;

import io.vertxraft.protocol.HardState;
import io.vertxraft.protocol.Message;
import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import java.util.HashMap;
import java.util.Map;

/**
 * I2: a node gives one vote per term, across all its lives. Both what it says to others and what
 * its disk durably holds count.
 */
public final class OneVotePerTerm implements Oracle {
  private final OracleContext context;
  private final Map<Ballot, String> votes = new HashMap<>();
  private final Map<String, HardState> seen = new HashMap<>();

  /** The rule for a run. */
  public OneVotePerTerm(OracleContext context) {
    this.context = context;
  }

  /** Whom a member voted for in a term, as far as anybody can know; null if it did not. */
  String of(String voter, long term) {
    return votes.get(new Ballot(voter, term));
  }

  private record Ballot(String voter, long term) {}

  @Override
  public String id() {
    return "I2";
  }

  @Override
  public void afterStep(NodeProbe node) {
    HardState state = node.disk().hardState();
    if (state.votedFor() != null && state != seen.get(node.nodeId())) {
      seen.put(node.nodeId(), state);
      count(node.nodeId(), state.term(), state.votedFor(), "its disk");
    }
  }

  @Override
  public void sent(NodeProbe from, String to, Message message) {
    if (message instanceof VoteReply reply && reply.granted()) {
      count(from.nodeId(), reply.term(), to, "a granted vote");
    } else if (message instanceof VoteRequest request) {
      count(from.nodeId(), request.term(), from.nodeId(), "its own candidature");
    }
  }

  private void count(String voter, long term, String candidate, String evidence) {
    String first = votes.putIfAbsent(new Ballot(voter, term), candidate);
    if (first != null && !first.equals(candidate)) {
      throw context.violation(
          id(),
          "%s voted twice in term %d: for %s and, by %s, for %s",
          voter,
          term,
          first,
          evidence,
          candidate);
    }
  }
}
