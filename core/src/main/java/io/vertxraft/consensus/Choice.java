package io.vertxraft.consensus;

/**
 * Places where a member may do either of two right things. The simulator lets it do the unusual one
 * at random, because rare orders of events hide there.
 */
public enum Choice {
  /** AppendEntries carries a single entry. */
  APPEND_ONE_ENTRY,
  /** A leader sends nothing more to a follower in this turn. */
  PAUSE_PIPELINE,
  /** A leader sends heartbeats before they are due. */
  EARLY_HEARTBEAT,
  /** A leader steps down although its quorum is alive. */
  STEP_DOWN,
  /** A leader offers a snapshot to a follower to which it could send entries. */
  OFFER_SNAPSHOT,
  /** A leader asks for a new snapshot to offer although it has one. */
  RENEW_SNAPSHOT,
  /** A leader looks anew for the common entry of a follower. */
  PROBE_ANEW,
  /** An election timeout is as short as it may be, so that elections collide. */
  SHORT_ELECTION_TIMEOUT,
  /** A pre-vote is refused although it might be granted. */
  REFUSE_PRE_VOTE,
  /** Durable entries leave memory at once. */
  EVICT_ENTRIES,
  /** The state machine gets a single entry. */
  APPLY_ONE_ENTRY,
  /** A command goes to the leader's log in a turn of its own. */
  SPLIT_PROPOSALS,
  /** A leader lets a quorum confirm a read although its lease holds. */
  DISTRUST_LEASE
}
