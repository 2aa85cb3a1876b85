package io.vertxraft.consensus;

import io.vertxraft.protocol.PreVoteReply;
import io.vertxraft.protocol.PreVoteRequest;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asks whether an election could be won, without touching anybody's term (thesis 9.6). A member
 * that was cut off comes back without deposing a leader that works.
 */
final class PreCandidate extends Role {
  private final Map<String, Boolean> votes = new TreeMap<>();
  private final long deadline;

  PreCandidate(RaftCore core, long now) {
    super(core);
    this.deadline = now + core.randomElectionTimeout();
  }

  @Override
  RoleKind kind() {
    return RoleKind.PRE_CANDIDATE;
  }

  @Override
  long deadline() {
    return deadline;
  }

  /** Asks all other voters; a lone voter needs nobody's consent. */
  void start(long now) {
    LogView log = core.log();
    PreVoteRequest request = new PreVoteRequest(core.term() + 1, log.lastIndex(), log.lastTerm());
    core.forEachOtherVoter(voter -> core.effects().send(voter, request));
    count(core.nodeId(), true, now);
  }

  @Override
  void tick(long now) {
    if (now - deadline >= 0) {
      core.reached(Mark.PRE_VOTE_LOST);
      core.becomePreCandidate("pre-vote found no majority, trying again", now);
    }
  }

  @Override
  void onPreVoteReply(String from, PreVoteReply reply, long now) {
    if (reply.campaignTerm() == core.term() + 1) {
      count(from, reply.granted(), now);
    }
  }

  private void count(String voter, boolean granted, long now) {
    votes.put(voter, granted);
    if (Quorum.tally(core.configuration(), votes) == Quorum.Tally.WON) {
      core.becomeCandidate(false, "pre-vote won", now);
    }
  }
}
