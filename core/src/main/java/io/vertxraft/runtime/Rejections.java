package io.vertxraft.runtime;

import io.vertxraft.RaftException.Rejected;

/** Refusals that several places give. */
final class Rejections {
  private Rejections() {}

  static Rejected notLeader(String nodeId, String leaderId) {
    String hint =
        leaderId == null ? "no leader is known; try again later" : "the leader is " + leaderId;
    return new Rejected(Rejected.Reason.NOT_LEADER, nodeId + " does not lead, " + hint, leaderId);
  }
}
