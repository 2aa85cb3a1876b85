package io.vertxraft.testkit.oracle;

/**
 * I1, how it comes about (§5.2): who leads a term has the votes of a majority in that term. Two
 * leaders need a rare coincidence to show; a leader without votes shows at once.
 */
public final class ElectedByMajority implements Oracle {
  private final OracleContext context;
  private final OneVotePerTerm votes;
  private String leader;
  private long term = -1;

  /**
   * The rule for a run.
   *
   * @param votes all votes of the run; must look at each step before this rule does
   */
  public ElectedByMajority(OracleContext context, OneVotePerTerm votes) {
    this.context = context;
    this.votes = votes;
  }

  @Override
  public String id() {
    return "I1";
  }

  @Override
  public void afterStep(NodeProbe node) {
    if (!node.isLeader() || (node.term() == term && node.nodeId().equals(leader))) {
      return;
    }
    leader = node.nodeId();
    term = node.term();
    if (!context.isQuorum(voter -> leader.equals(votes.of(voter.nodeId(), term)))) {
      throw context.violation(
          id(),
          "%s leads term %d without the votes of a majority of %s",
          leader,
          term,
          context.configuration());
    }
  }
}
