package io.vertxraft.testkit.spec;

/** The actions of the specification; every observed transition is one of them or several. */
public enum SpecAction {
  /** A process starts from its disk. */
  RESTART("Restart"),
  /** A process ends. */
  STOP("Stop"),
  /** An election timeout: a pre-vote or a candidature begins. */
  TIMEOUT("Timeout"),
  /** A member becomes a follower in its term by itself. */
  STAND_DOWN("StandDown"),
  /** A candidate becomes leader. */
  BECOME_LEADER("BecomeLeader"),
  /** A leader appends commands. */
  CLIENT_REQUEST("ClientRequest"),
  /** A commit index grows. */
  ADVANCE_COMMIT_INDEX("AdvanceCommitIndex"),
  /** Entries are applied. */
  APPLY("Apply"),
  /** The storage confirmed writes. */
  PERSIST("Persist"),
  /** A turn's write is issued. */
  WRITE("Write"),
  /** A higher term is taken over. */
  UPDATE_TERM("UpdateTerm"),
  /** A message of a lower term is ignored. */
  DROP_STALE("DropStaleMessage"),
  /** A message reaches its receiver. */
  RECEIVE("Receive"),
  /** A pre-vote request is sent. */
  SEND_PRE_VOTE_REQUEST("RequestPreVote"),
  /** A vote request is sent. */
  SEND_VOTE_REQUEST("RequestVote"),
  /** Entries are sent. */
  SEND_APPEND_ENTRIES("AppendEntries"),
  /** A heartbeat is sent. */
  SEND_HEARTBEAT("Heartbeat"),
  /** A reply is sent. */
  SEND_REPLY("Reply"),
  /** A leader asks another member to campaign. */
  SEND_TIMEOUT_NOW("TimeoutNow"),
  /** A member campaigns because its leader asks it to. */
  HANDLE_TIMEOUT_NOW("HandleTimeoutNow"),
  /** A vote request is ignored, its term too, because a leader may be alive. */
  IGNORE_VOTE_REQUEST("IgnoreRequestVote"),
  /** A pre-vote request is handled. */
  HANDLE_PRE_VOTE_REQUEST("HandlePreVoteRequest"),
  /** A pre-vote reply is handled. */
  HANDLE_PRE_VOTE_REPLY("HandlePreVoteResponse"),
  /** A vote request is handled. */
  HANDLE_VOTE_REQUEST("HandleRequestVoteRequest"),
  /** A vote reply is handled. */
  HANDLE_VOTE_REPLY("HandleRequestVoteResponse"),
  /** Entries are handled. */
  HANDLE_APPEND_ENTRIES("HandleAppendEntriesRequest"),
  /** The answer to entries is handled. */
  HANDLE_APPEND_ENTRIES_REPLY("HandleAppendEntriesResponse"),
  /** A heartbeat is handled. */
  HANDLE_HEARTBEAT("HandleHeartbeat"),
  /** The answer to a heartbeat is handled. */
  HANDLE_HEARTBEAT_REPLY("HandleHeartbeatResponse"),
  /** A step that no action explains, or that needs none. */
  NOTHING("Step");

  private final String title;

  SpecAction(String title) {
    this.title = title;
  }

  /** The action's name, as in the published specification where that has it. */
  public String title() {
    return title;
  }
}
