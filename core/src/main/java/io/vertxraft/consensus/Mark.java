package io.vertxraft.consensus;

/**
 * Corners of the protocol that tests must get to. A batch of simulated runs that misses one of them
 * proves less than it seems to.
 */
public enum Mark {
  /** An election ended without a winner. */
  VOTE_SPLIT,
  /** A pre-vote was refused because a leader is alive. */
  PRE_VOTE_REFUSED_LEADER_ALIVE,
  /** A pre-vote was refused because the asker's log is behind. */
  PRE_VOTE_REFUSED_LOG_BEHIND,
  /** A pre-vote found no majority. */
  PRE_VOTE_LOST,
  /** A vote was refused because it is given already. */
  VOTE_REFUSED_GIVEN,
  /** A vote was refused because the candidate's log is behind. */
  VOTE_REFUSED_LOG_BEHIND,
  /** The same candidate asked again and got the same vote again. */
  VOTE_REPEATED,
  /** A vote arrived at a member that no longer campaigns. */
  LATE_VOTE_IGNORED,
  /** A candidate found the leader of its term. */
  CANDIDATE_STEPPED_DOWN_TO_LEADER,
  /** A leader was deposed by a higher term. */
  LEADER_DEPOSED,
  /** A leader stepped down because no quorum answered. */
  CHECK_QUORUM_STEP_DOWN,
  /** A lone voter elected itself. */
  LONE_VOTER_ELECTED,
  /** A request of an earlier term was answered with the current one. */
  STALE_REQUEST_ANSWERED,
  /** A quorum holds an entry of an earlier term, which may not be committed by counting. */
  OLD_TERM_NOT_COMMITTED,
  /** A quorum of others holds what the leader's own disk does not. */
  COMMITTED_BEFORE_OWN_DISK,
  /** The leader's own disk decided when an entry was committed. */
  COMMITTED_BY_OWN_DISK,
  /** A follower removed entries that its leader does not have. */
  CONFLICT_TRUNCATED,
  /** A refused leader skipped at least one whole term backwards. */
  CONFLICT_TERM_SKIPPED,
  /** A refusal that answers nothing the leader still asks was ignored. */
  STALE_REFUSAL_IGNORED,
  /** Entries arrived that the follower holds already. */
  DUPLICATE_APPEND,
  /** Entries arrived of which the follower holds some. */
  OVERLAPPING_APPEND,
  /** Entries arrived that leave a gap. */
  GAP_REFUSED,
  /** A follower's window of unanswered messages was full. */
  WINDOW_FULL,
  /** Nothing was heard about messages in flight, and the leader looked anew. */
  STUCK_FOLLOWER_PROBED,
  /** Entries for a follower were read from disk. */
  ENTRIES_LOADED,
  /** Entries were read for a follower or term that no longer wants them. */
  LOAD_DISCARDED,
  /** A heartbeat proved a follower's log and committed it. */
  HEARTBEAT_COMMITTED,
  /** A follower learned of a commit before its own disk had the entry. */
  COMMIT_BEFORE_DURABLE,
  /** A member came up with entries it did not know to be committed. */
  RECOVERED_UNCOMMITTED,
  /** A command was refused because too many are in flight. */
  OVERLOADED,
  /** A command was passed on to the leader. */
  FORWARDED,
  /** A command passed on came too late for the leader it was meant for. */
  FORWARD_OUTLIVED_LEADER,
  /** A repeated or overtaken forward was ignored. */
  FORWARD_REPEATED,
  /** Commands lost their known outcome with the leadership. */
  LEADERSHIP_LOST_PENDING,
  /** A command's deadline passed before its outcome was known. */
  DEADLINE_PASSED,
  /** Entries to apply were read from disk. */
  APPLY_LOADED,
  /** A vote was refused because a leader may be alive. */
  VOTE_REFUSED_LEADER_ALIVE,
  /** A member left an election to others that are wanted more. */
  PRIORITY_WAITED,
  /** A leader began to hand over. */
  TRANSFER_STARTED,
  /** A member campaigned because its leader asked it to. */
  LEADERSHIP_TAKEN_OVER,
  /** Nobody took over in time, and the leader went on. */
  TRANSFER_TIMED_OUT,
  /** Commands waited while the leadership was handed over. */
  PROPOSALS_HELD,
  /** A leader whose disk did not answer stopped leading. */
  STALLED_LEADER_FENCED,
  /** A member whose disk does not answer did not campaign. */
  STALLED_DOES_NOT_CAMPAIGN,
  /** A leader short of room looked for another one. */
  MADE_WAY_FOR_ROOM,
  /** A follower short of room left entries where they were. */
  NO_ROOM_FOR_ENTRIES,
  /** A quorum confirmed that the leader leads, and reads went on. */
  READ_CONFIRMED,
  /** A read waited for the leader's first committed entry. */
  READ_WAITED_FOR_OWN_TERM,
  /** Reads were refused because the leadership was lost. */
  READ_LOST_LEADER,
  /** A read was answered under the lease. */
  LEASE_READ,
  /** A read was to be answered under a lease that was not valid, and took a round instead. */
  LEASE_NOT_VALID,
  /** A lease ended, or was trusted no more, between the look at it and the answer. */
  LEASE_ENDED_DURING_READ,
  /** A member that does not lead asked the leader what a read must wait for. */
  READ_FORWARDED,
  /** A bounded read was answered from what was known. */
  BOUNDED_READ,
  /** A read was refused because the member was still applying what its log held. */
  READ_REFUSED_RECOVERING,
  /** A follower's clock was seen to run faster than leases allow for. */
  CLOCK_SUSPECTED,
  /** A leader gave up its term because a member had lost what it confirmed in it. */
  DAMAGE_ENDS_TERM,
  /** A damaged member was made whole. */
  HEALED,
  /** The storage failed and the member stopped. */
  STORAGE_FAILED,
  /** Entries were removed from the front of the log. */
  LOG_COMPACTED,
  /** A leader offered a snapshot in place of entries that are gone. */
  SNAPSHOT_OFFERED,
  /** A leader had no snapshot to offer, or wanted a newer one. */
  SNAPSHOT_WANTED,
  /** A snapshot was offered to a member that needs none. */
  SNAPSHOT_OFFER_NEEDLESS,
  /** A snapshot arrived that was needed no more. */
  SNAPSHOT_NEEDLESS,
  /** An installed snapshot took the place of a shorter log. */
  SNAPSHOT_REPLACED_LOG,
  /** An installed snapshot took the place of a longer log that contradicts it. */
  SNAPSHOT_OVER_CONFLICT,
  /** The entries after an installed snapshot stayed. */
  SNAPSHOT_KEPT_SUFFIX,
  /** When a snapshot was installed, the leader's log began after it already. */
  SNAPSHOT_TOO_OLD_WHEN_INSTALLED,
  /** A snapshot was of a later term than the member that fetched it. */
  SNAPSHOT_OF_LATER_TERM,
  /** Entries arrived from below the front of the log. */
  APPEND_BELOW_LOG
}
