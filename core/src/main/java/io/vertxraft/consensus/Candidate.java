package io.vertxraft.consensus;

import io.vertxraft.protocol.VoteReply;
import io.vertxraft.protocol.VoteRequest;
import java.util.Map;
import java.util.TreeMap;

/**
 * Campaigns in a term of its own (§5.2).
 *
 * <p>Its own vote counts only once it is durable: a lone voter that led before would, after a
 * crash, lead the same term again with another log.
 */
final class Candidate extends Role {
  private final Map<String, Boolean> votes = new TreeMap<>();
  private final long deadline;
  private long ownVoteSeq;

  Candidate(RaftCore core, long now) {
    super(core);
    this.deadline = now + core.randomElectionTimeout();
  }

  @Override
  RoleKind kind() {
    return RoleKind.CANDIDATE;
  }

  @Override
  long deadline() {
    return deadline;
  }

  /**
   * Asks all other voters, as soon as the vote for itself is durable.
   *
   * @param transfer whether the leader has asked for this campaign
   */
  void start(boolean transfer) {
    LogView log = core.log();
    VoteRequest request = new VoteRequest(core.term(), log.lastIndex(), log.lastTerm(), transfer);
    core.forEachOtherVoter(voter -> core.effects().sendWhenDurable(voter, request));
    ownVoteSeq = core.nextWriteSeq();
  }

  @Override
  void tick(long now) {
    if (now - deadline >= 0) {
      core.reached(Mark.VOTE_SPLIT);
      core.becomePreCandidate("election of term " + core.term() + " was not decided", now);
    }
  }

  @Override
  void persisted(long seq, long now) {
    if (seq >= ownVoteSeq) {
      count(core.nodeId(), true, now);
    }
  }

  @Override
  void onVoteReply(String from, VoteReply reply, long now) {
    count(from, reply.granted(), now);
  }

  private void count(String voter, boolean granted, long now) {
    // A refusal may answer an older request and arrive late; a vote of this term stays given.
    votes.merge(voter, granted, Boolean::logicalOr);
    switch (Quorum.tally(core.configuration(), votes)) {
      case WON -> core.becomeLeader(now);
      case LOST -> core.becomeFollower(core.term(), null, "election lost", now);
      case PENDING -> {}
    }
  }
}
