package io.vertxraft.testkit.trace;

import io.vertxraft.consensus.LogView;
import io.vertxraft.consensus.RaftCore;
import io.vertxraft.consensus.RoleKind;

/**
 * A member's state after an event.
 *
 * @param term its term
 * @param votedFor who got its vote in the term, or null
 * @param role its role
 * @param leader whom it takes for the leader of the term, itself included, or null
 * @param commitIndex last entry it knows to be committed
 * @param lastIndex last entry of its log, durable or not
 * @param lastTerm term of that entry, 0 for an empty log
 * @param durableIndex last entry it knows to be durable here
 * @param appliedIndex last entry applied
 */
public record NodeState(
    long term,
    String votedFor,
    RoleKind role,
    String leader,
    long commitIndex,
    long lastIndex,
    long lastTerm,
    long durableIndex,
    long appliedIndex) {

  /** The present state of a member. */
  static NodeState of(RaftCore core) {
    LogView log = core.log();
    return new NodeState(
        core.term(),
        core.votedFor(),
        core.roleKind(),
        core.leaderId(),
        core.commitIndex(),
        log.lastIndex(),
        log.lastTerm(),
        log.durableIndex(),
        core.appliedIndex());
  }
}
