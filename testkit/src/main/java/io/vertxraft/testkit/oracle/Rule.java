package io.vertxraft.testkit.oracle;

/**
 * All rules of the house, those that simulated runs check and those that wait for the capability
 * they are about.
 */
public enum Rule {
  /** Election Safety (§5.2). */
  I1("at most one leader per term, with the votes of a majority", null),
  /** One vote (§5.2). */
  I2("one vote per member and term, across restarts", null),
  /** Leader Append-Only (§5.3). */
  I3("a leader never changes its own log, it only appends", null),
  /** Log Matching (§5.3). */
  I4("two logs with the same entry at an index are the same up to there", null),
  /** Leader Completeness (§5.4). */
  I5("a new leader holds every committed entry", null),
  /** State Machine Safety (§5.4.3). */
  I6("every member applies the same commands in the same order, with the same replies", null),
  /** Commit (§5.4.2). */
  I7("what is committed, or counted towards it, is durable on the disks, and stays", null),
  /** Durability of what clients were told. */
  I8("what a client was told is applied is durable on a quorum of disks", null),
  /** Hard state. */
  I9("term, vote and commit index never go back", null),
  /** Leases. */
  I10("while a lease serves reads, nobody commits in a higher term", null),
  /** Membership. */
  I11("consecutive configurations share their quorums, one change at a time", "R-40"),
  /** Sessions. */
  I12("each command of a session is applied once, each retry gets the same reply", "R-10"),
  /** Snapshots. */
  I13("a snapshot is the state at its index, and never ahead of the commit index", null),
  /** Bounds. */
  I14("what is in flight, queued or waiting stays within the configured limits", null),
  /** Replicas. */
  I15("members that are caught up have the same log and the same state", null),
  /** Linearizability. */
  L1("what clients saw can be explained by one order that respects real time", null),
  /** Liveness. */
  L2("a majority that is whole serves, converges and keeps its leader", null),
  /** Determinism. */
  D1("the same seed gives the same run, event for event, on every JVM", null),
  /** Repeated requests. */
  R35("a voter that has given its vote gives it again to the same candidate", null),
  /** Snapshots and the log. */
  R23(
      "every disk can give the state back: by a good snapshot and the log that goes on from it",
      null),
  /** Installation of snapshots. */
  R28("nobody gets snapshot after snapshot without ever going on from one", null),
  /** Promises wait for the disk. */
  R16("nothing is promised, or taken for durable, before the disk has it", null),
  /** Reads. */
  R39("no read misses what it promises to contain, and none is left undecided", null),
  /** Callers. */
  R06("every command gets one outcome, on its caller's context", null);

  private final String statement;
  private final String pendingFor;

  Rule(String statement, String pendingFor) {
    this.statement = statement;
    this.pendingFor = pendingFor;
  }

  /** What must hold. */
  public String statement() {
    return statement;
  }

  /** Whether runs check it today. */
  public boolean isChecked() {
    return pendingFor == null;
  }

  /** The requirement that brings what the rule is about, or null if it is checked. */
  public String pendingFor() {
    return pendingFor;
  }
}
