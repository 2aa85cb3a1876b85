package io.vertxraft.testkit.spec;

/**
 * The rules a trace must keep, each with its place: § is a section of the extended Raft paper, the
 * thesis is Ongaro's.
 */
public enum SpecRule {
  /** A member does something only between a start and a stop. */
  LIFE_CYCLE("trace", "a member acts only between start and stop, and its lives count up"),
  /** The group is the same for all. */
  SAME_VOTERS("§6", "all members know the same voters"),
  /** A start is the start of a follower. */
  STARTS_AS_FOLLOWER("§5.2", "a member starts as a follower that knows no leader"),
  /** What was promised survives a restart. */
  PROMISES_KEPT("figure 2, persistent state", "a restart recovers everything that was promised"),
  /** Nothing comes from nowhere. */
  RECOVERS_WHAT_WAS_WRITTEN(
      "figure 2, persistent state", "a restart recovers what was written, in the order of writing"),
  /** A promise leaves when it is durable. */
  DURABLE_BEFORE_SENT(
      "figure 2, persistent state", "a promise leaves only when what it promises is durable"),
  /** A turn's write holds a turn's changes. */
  WRITE_COMPLETE(
      "figure 2, persistent state", "a turn writes exactly what changed in term, vote and log"),
  /** What is said to be durable is. */
  DURABLE_INDEX("figure 2, persistent state", "only what the storage confirmed is durable"),

  /** Terms grow. */
  TERM_NEVER_BACK("§5.1", "a term never goes back"),
  /** Terms grow for a reason. */
  TERM_EXPLAINED("§5.1", "a term grows only by a candidature or a message of that term"),
  /** A higher term ends every role. */
  UPDATE_TERM("§5.1", "a message of a higher term makes its receiver a follower of that term"),
  /** A lower term has no effect. */
  DROP_STALE("§5.1", "a message of a lower term changes nothing"),
  /** Roles change for a reason. */
  ROLE_EXPLAINED("§5.2, figure 4", "a role changes only along the arrows of figure 4"),
  /** The leader's name is known from the leader. */
  LEADER_HINT("§5.2", "a member takes for leader only whom it heard as leader of its term"),
  /** A candidate votes for itself. */
  CANDIDATE_VOTES_FOR_ITSELF("§5.2", "a candidate votes for itself"),
  /** Candidature follows a won pre-vote. */
  PRE_VOTE_QUORUM("thesis 9.6", "a pre-candidate campaigns only with a quorum of pre-votes"),
  /** Pre-votes have no effect on the voter. */
  PRE_VOTE_CHANGES_NOTHING("thesis 9.6", "a pre-vote request changes nothing at the voter"),
  /** Pre-votes are votes that could be given. */
  PRE_VOTE_GRANTED("thesis 9.6", "a pre-vote is granted only where a vote could be"),
  /** One vote per term. */
  VOTE_ONCE("§5.2", "a member votes at most once in a term"),
  /** Votes are given on request. */
  VOTE_ON_REQUEST("§5.2", "a vote is given only to a candidate that asks, or to oneself"),
  /** The election restriction. */
  VOTE_UP_TO_DATE("§5.4.1", "a vote is given only to a log at least as up to date"),
  /** Leaders are elected. */
  VOTE_QUORUM("§5.2", "a candidate leads only with the votes of a quorum"),
  /** Election Safety. */
  ONE_LEADER("§5.2", "a term has at most one leader"),
  /** Leader Completeness. */
  LEADER_COMPLETENESS("§5.4.3", "a leader holds everything committed in earlier terms"),
  /** The no-op. */
  NO_OP("§8", "a new leader appends an entry of its term at once"),
  /** Hearing a leader. */
  FOLLOWS_LEADER("§5.2", "who hears from the leader of its term follows it, and knows it"),

  /** Leader Append-Only. */
  LEADER_APPEND_ONLY("§5.3", "a leader only appends to its log"),
  /** Logs change for a reason. */
  LOG_EXPLAINED("§5.3", "a log changes only by a leader's entries"),
  /** The consistency check. */
  CONSISTENCY_CHECK("§5.3", "entries that do not fit the log change nothing"),
  /** The repair of conflicts. */
  CONFLICT_REPAIR(
      "§5.3", "entries that fit replace what conflicts and add what is missing, nothing else"),
  /** Committed entries stay. */
  COMMITTED_STAYS("§5.4", "a committed entry is never removed"),
  /** Log Matching. */
  LOG_MATCHING("§5.3", "entries of the same index and term are the same, and so are those before"),
  /** The report is consistent. */
  STATE_MATCHES_LOG("trace", "the reported indexes are those of the log"),

  /** The commit index grows. */
  COMMIT_NEVER_BACK("§5.3", "a commit index never goes back in a life"),
  /** Figure 8. */
  COMMIT_OWN_TERM("§5.4.2", "a leader commits by counting only entries of its own term"),
  /** Durable on a quorum. */
  COMMIT_QUORUM("§5.3", "a leader commits only what a quorum acknowledged as durable"),
  /** The follower's entitlement. */
  FOLLOWER_COMMIT(
      "§5.3", "others commit only what a leader called committed and their logs were checked for"),
  /** State Machine Safety. */
  COMMITTED_SAME("§5.4.3", "all members commit the same entries"),
  /** Only what is committed is applied. */
  APPLY_COMMITTED("§5.3", "only committed entries are applied, and each once"),

  /** The network invents nothing. */
  RECEIVED_WAS_SENT("§2", "what is received was sent, by that member, with that content"),
  /** Pre-vote requests are true. */
  SENT_PRE_VOTE_REQUEST("thesis 9.6", "a pre-vote request tells the next term and the own log"),
  /** Vote requests are true. */
  SENT_VOTE_REQUEST("§5.2", "a vote request tells the candidate's term and log"),
  /** Leaders replicate. */
  SENT_BY_LEADER("§5.2", "only a leader sends entries and heartbeats"),
  /** Entries sent are the leader's. */
  SENT_ENTRIES("§5.3", "entries are sent as they are in the leader's log"),
  /** Commit indexes sent are true. */
  SENT_COMMIT("§5.3", "a leader tells only what is committed, a heartbeat what is held too"),
  /** Replies tell the term. */
  REPLY_TERM("§5.1", "a reply tells the member's own term"),
  /** Votes told are true. */
  REPLY_VOTE("§5.2", "a vote is told as it was given"),
  /** Acceptances are true. */
  REPLY_MATCH("§5.3", "entries are accepted as far as the log is known to equal the leader's"),
  /** Refusals are true. */
  REPLY_REFUSED("§5.3", "entries of the own term are refused only if they do not fit the log"),
  /** Echoes are true. */
  REPLY_HEARTBEAT("thesis 6.4.1", "a heartbeat's reply echoes a heartbeat that was received");

  private final String section;
  private final String sentence;

  SpecRule(String section, String sentence) {
    this.section = section;
    this.sentence = sentence;
  }

  /** Where the rule is from: a section of the paper, of the thesis, or of the trace itself. */
  public String section() {
    return section;
  }

  /** The rule, in one sentence. */
  public String sentence() {
    return sentence;
  }
}
