package io.vertxraft.consensus;

/**
 * What is asked of a leader, beyond its log: reads, its lease, handing over. Every question has an
 * answer for a member that does not lead, too. The calls belong to a turn, as those of {@link
 * RaftCore} do.
 */
public final class Leadership {
  private final RaftCore core;

  Leadership(RaftCore core) {
    this.core = core;
  }

  /**
   * Asks for the index that a read must wait for; {@link Effects#reads} has the answer in this turn
   * or a later one (thesis 6.4).
   *
   * @param id names the read in the answer
   * @param byLease whether a valid lease is proof enough that this member leads
   */
  public void read(long id, boolean byLease, long now) {
    if (core.role() instanceof Leader leader) {
      leader.authority().read(id, byLease, now);
    } else {
      core.effects().refuseRead(id);
    }
  }

  /**
   * Begins to hand the leadership over (thesis 3.10). It ends with another leader, or with {@link
   * Effects.TransferEnded}.
   *
   * @param target who is to lead, or null for the best there is
   * @return why it cannot be done, or null
   */
  public String transfer(String target, long now) {
    return core.role() instanceof Leader leader
        ? leader.handover().begin(target, now)
        : core.nodeId() + " does not lead";
  }

  /** What this member's lease as leader is worth. */
  public LeaseState lease(long now) {
    return core.role() instanceof Leader leader
        ? leader.authority().lease(now)
        : new LeaseState(LeaseState.Kind.EXPIRED, core.term(), 0);
  }

  /**
   * Nanoseconds since which, at most, a quorum is known to have followed this leader: what it has
   * committed by now is no older than that. -1 if this member does not lead, or does not know yet.
   */
  public long quorumContactAge(long now) {
    return core.role() instanceof Leader leader && core.isReady()
        ? leader.authority().quorumContactAge(now)
        : -1;
  }

  /** Whether this leader takes no commands because it hands its leadership over. */
  public boolean holdsProposals() {
    return core.role() instanceof Leader leader && leader.handover().holdsProposals();
  }

  /** To whom this leader hands over, or null. */
  public String transferTarget() {
    return core.role() instanceof Leader leader ? leader.handover().target() : null;
  }
}
