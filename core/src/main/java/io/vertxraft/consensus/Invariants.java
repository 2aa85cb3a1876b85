package io.vertxraft.consensus;

/**
 * Safety rules that one member can check by itself, after each event, in production too. A member
 * that breaks one stops before it can do harm.
 */
final class Invariants {
  private Invariants() {}

  static void check(RaftCore core) {
    LogView log = core.log();
    indexesAreOrdered(core, log);
    if (core.role() instanceof Leader leader) {
      leaderIsConsistent(core, log, leader);
    }
  }

  /** applied ≤ commit ≤ last, and durable ≤ last. */
  private static void indexesAreOrdered(RaftCore core, LogView log) {
    if (core.appliedIndex() > core.commitIndex()) {
      fail(core, "applied beyond the commit index " + core.commitIndex(), core.appliedIndex());
    }
    if (core.commitIndex() > log.lastIndex()) {
      fail(core, "committed beyond the last index " + log.lastIndex(), core.commitIndex());
    }
    if (core.commitIndex() < log.firstIndex() - 1) {
      fail(core, "entries are gone that were not committed, before", log.firstIndex());
    }
    if (log.lastTerm() > core.term()) {
      fail(core, "the log ends with an entry of a later term", log.lastTerm());
    }
    if (log.durableIndex() > log.lastIndex()) {
      fail(core, "durable beyond the last index " + log.lastIndex(), log.durableIndex());
    }
  }

  /** A leader voted for itself, its log ends with its own term, and it never rewrites it (§5.3). */
  private static void leaderIsConsistent(RaftCore core, LogView log, Leader leader) {
    if (!core.nodeId().equals(core.votedFor())) {
      fail(core, "leader did not vote for itself but for " + core.votedFor(), core.term());
    }
    if (log.lastTerm() != core.term() || log.lastIndex() < leader.firstOwnIndex()) {
      fail(core, "leader's log does not end with an entry of its term", log.lastTerm());
    }
    for (Progress follower : leader.followers()) {
      if (follower.nextIndex() <= follower.matchIndex()
          || follower.nextIndex() > log.lastIndex() + 1) {
        fail(core, "next index of " + follower.nodeId() + " out of range", follower.nextIndex());
      }
    }
  }

  static void fail(RaftCore core, String rule, long value) {
    throw new InvariantViolation(
        "%s (%d) at %s, %s of term %d, log %d..%d, commit %d"
            .formatted(
                rule,
                value,
                core.nodeId(),
                core.roleKind(),
                core.term(),
                core.log().firstIndex(),
                core.log().lastIndex(),
                core.commitIndex()));
  }
}
