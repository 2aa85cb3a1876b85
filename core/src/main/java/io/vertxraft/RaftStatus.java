package io.vertxraft;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** One consistent picture of a member, as it sees itself and its group. */
@DataObject
@JsonGen(publicConverter = false)
public class RaftStatus {
  private String clusterId;
  private String groupId;
  private String nodeId;
  private NodeState state = NodeState.STARTING;
  private String failure;
  private RaftRole role = RaftRole.FOLLOWER;
  private long term;
  private String votedFor;
  private String leaderId;
  private boolean leaderReady;
  private long roleSinceMs;
  private long leaderContactAgeMs = -1;
  private long firstIndex = 1;
  private long lastIndex;
  private long durableIndex;
  private long commitIndex;
  private long appliedIndex;
  private int proposalsInFlight;
  private long proposalBytesInFlight;
  private long commandsApplied;
  private long electionsStarted;
  private long writesInFlight;
  private boolean recovering;
  private String damage;
  private String storageShortage;
  private String roleCause;
  private LeaderLease leaderLease = new LeaderLease();
  private long silenceMs;
  private long electionDueMs = -1;
  private long oldestWriteAgeMs;
  private String transferTarget;
  private int readsInFlight;
  private SnapshotStatus snapshots = new SnapshotStatus();
  private List<PeerContact> contacts = new ArrayList<>();
  private List<StageStatus> stages = new ArrayList<>();
  private long timeMs;
  private List<Member> members = new ArrayList<>();
  private List<FollowerStatus> followers = new ArrayList<>();

  /** An empty status. */
  public RaftStatus() {}

  /** Reads the JSON form. */
  public RaftStatus(JsonObject json) {
    RaftStatusConverter.fromJson(json, this);
  }

  /** The JSON form. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    RaftStatusConverter.toJson(this, json);
    return json;
  }

  /** The cluster. */
  public String getClusterId() {
    return clusterId;
  }

  /** Sets {@link #getClusterId()}. */
  public RaftStatus setClusterId(String clusterId) {
    this.clusterId = clusterId;
    return this;
  }

  /** The group. */
  public String getGroupId() {
    return groupId;
  }

  /** Sets {@link #getGroupId()}. */
  public RaftStatus setGroupId(String groupId) {
    this.groupId = groupId;
    return this;
  }

  /** The member that reports. */
  public String getNodeId() {
    return nodeId;
  }

  /** Sets {@link #getNodeId()}. */
  public RaftStatus setNodeId(String nodeId) {
    this.nodeId = nodeId;
    return this;
  }

  /** Where the node is in its life. */
  public NodeState getState() {
    return state;
  }

  /** Sets {@link #getState()}. */
  public RaftStatus setState(NodeState state) {
    this.state = state;
    return this;
  }

  /** Why the node is {@link NodeState#FAILED}, or null. */
  public String getFailure() {
    return failure;
  }

  /** Sets {@link #getFailure()}. */
  public RaftStatus setFailure(String failure) {
    this.failure = failure;
    return this;
  }

  /** The member's role. */
  public RaftRole getRole() {
    return role;
  }

  /** Sets {@link #getRole()}. */
  public RaftStatus setRole(RaftRole role) {
    this.role = role;
    return this;
  }

  /** The member's term. */
  public long getTerm() {
    return term;
  }

  /** Sets {@link #getTerm()}. */
  public RaftStatus setTerm(long term) {
    this.term = term;
    return this;
  }

  /** Who got this member's vote in its term, or null. */
  public String getVotedFor() {
    return votedFor;
  }

  /** Sets {@link #getVotedFor()}. */
  public RaftStatus setVotedFor(String votedFor) {
    this.votedFor = votedFor;
    return this;
  }

  /** The leader of the term as far as the member knows, or null. */
  public String getLeaderId() {
    return leaderId;
  }

  /** Sets {@link #getLeaderId()}. */
  public RaftStatus setLeaderId(String leaderId) {
    this.leaderId = leaderId;
    return this;
  }

  /** On a leader: whether the first entry of its term is applied, so that it serves. */
  public boolean isLeaderReady() {
    return leaderReady;
  }

  /** Sets {@link #isLeaderReady()}. */
  public RaftStatus setLeaderReady(boolean leaderReady) {
    this.leaderReady = leaderReady;
    return this;
  }

  /** Milliseconds since the member took its role. */
  public long getRoleSinceMs() {
    return roleSinceMs;
  }

  /** Sets {@link #getRoleSinceMs()}. */
  public RaftStatus setRoleSinceMs(long roleSinceMs) {
    this.roleSinceMs = roleSinceMs;
    return this;
  }

  /** On a follower: milliseconds since it last heard its leader, or -1 if it has not. */
  public long getLeaderContactAgeMs() {
    return leaderContactAgeMs;
  }

  /** Sets {@link #getLeaderContactAgeMs()}. */
  public RaftStatus setLeaderContactAgeMs(long leaderContactAgeMs) {
    this.leaderContactAgeMs = leaderContactAgeMs;
    return this;
  }

  /** Index of the first entry in the log. */
  public long getFirstIndex() {
    return firstIndex;
  }

  /** Sets {@link #getFirstIndex()}. */
  public RaftStatus setFirstIndex(long firstIndex) {
    this.firstIndex = firstIndex;
    return this;
  }

  /** Index of the last entry in the log, durable or not. */
  public long getLastIndex() {
    return lastIndex;
  }

  /** Sets {@link #getLastIndex()}. */
  public RaftStatus setLastIndex(long lastIndex) {
    this.lastIndex = lastIndex;
    return this;
  }

  /** Index of the last entry that is durable here. */
  public long getDurableIndex() {
    return durableIndex;
  }

  /** Sets {@link #getDurableIndex()}. */
  public RaftStatus setDurableIndex(long durableIndex) {
    this.durableIndex = durableIndex;
    return this;
  }

  /** Index of the last entry known to be committed. */
  public long getCommitIndex() {
    return commitIndex;
  }

  /** Sets {@link #getCommitIndex()}. */
  public RaftStatus setCommitIndex(long commitIndex) {
    this.commitIndex = commitIndex;
    return this;
  }

  /** Index of the last entry the state machine has applied. */
  public long getAppliedIndex() {
    return appliedIndex;
  }

  /** Sets {@link #getAppliedIndex()}. */
  public RaftStatus setAppliedIndex(long appliedIndex) {
    this.appliedIndex = appliedIndex;
    return this;
  }

  /** Commands proposed here and not yet answered. */
  public int getProposalsInFlight() {
    return proposalsInFlight;
  }

  /** Sets {@link #getProposalsInFlight()}. */
  public RaftStatus setProposalsInFlight(int proposalsInFlight) {
    this.proposalsInFlight = proposalsInFlight;
    return this;
  }

  /** Bytes of the commands proposed here and not yet answered. */
  public long getProposalBytesInFlight() {
    return proposalBytesInFlight;
  }

  /** Sets {@link #getProposalBytesInFlight()}. */
  public RaftStatus setProposalBytesInFlight(long proposalBytesInFlight) {
    this.proposalBytesInFlight = proposalBytesInFlight;
    return this;
  }

  /** Commands applied since the node started. */
  public long getCommandsApplied() {
    return commandsApplied;
  }

  /** Sets {@link #getCommandsApplied()}. */
  public RaftStatus setCommandsApplied(long commandsApplied) {
    this.commandsApplied = commandsApplied;
    return this;
  }

  /** Elections this node has started since it started itself, pre-votes not counted. */
  public long getElectionsStarted() {
    return electionsStarted;
  }

  /** Sets {@link #getElectionsStarted()}. */
  public RaftStatus setElectionsStarted(long electionsStarted) {
    this.electionsStarted = electionsStarted;
    return this;
  }

  /** Storage writes issued and not yet durable. */
  public long getWritesInFlight() {
    return writesInFlight;
  }

  /** Sets {@link #getWritesInFlight()}. */
  public RaftStatus setWritesInFlight(long writesInFlight) {
    this.writesInFlight = writesInFlight;
    return this;
  }

  /** What stands in each stage of this member, and in what batches it goes on. */
  public List<StageStatus> getStages() {
    return stages;
  }

  /** Sets {@link #getStages()}. */
  public RaftStatus setStages(List<StageStatus> stages) {
    this.stages = new ArrayList<>(stages);
    return this;
  }

  /** Wall-clock time of the report in milliseconds since the epoch. */
  public long getTimeMs() {
    return timeMs;
  }

  /** Sets {@link #getTimeMs()}. */
  public RaftStatus setTimeMs(long timeMs) {
    this.timeMs = timeMs;
    return this;
  }

  /** The members of the group. */
  public List<Member> getMembers() {
    return members;
  }

  /** Sets {@link #getMembers()}. */
  public RaftStatus setMembers(List<Member> members) {
    this.members = new ArrayList<>(members);
    return this;
  }

  /** On a leader: what it knows of each other member. */
  public List<FollowerStatus> getFollowers() {
    return followers;
  }

  /** Sets {@link #getFollowers()}. */
  public RaftStatus setFollowers(List<FollowerStatus> followers) {
    this.followers = new ArrayList<>(followers);
    return this;
  }

  /** Whether this member still applies what its log held, and so refuses reads. */
  public boolean isRecovering() {
    return recovering;
  }

  /** Sets {@link #isRecovering()}. */
  public RaftStatus setRecovering(boolean recovering) {
    this.recovering = recovering;
    return this;
  }

  /**
   * What this member has lost, in words, while it votes for nobody and counts for nothing until a
   * leader has given it everything again; null if it is whole.
   */
  public String getDamage() {
    return damage;
  }

  /** Sets {@link #getDamage()}. */
  public RaftStatus setDamage(String damage) {
    this.damage = damage;
    return this;
  }

  /** Why this member takes no entries, in words: its disk is short of room; else null. */
  public String getStorageShortage() {
    return storageShortage;
  }

  /** Sets {@link #getStorageShortage()}. */
  public RaftStatus setStorageShortage(String storageShortage) {
    this.storageShortage = storageShortage;
    return this;
  }

  /** Why the member has its present role, in words; null before its role first changed. */
  public String getRoleCause() {
    return roleCause;
  }

  /** Sets {@link #getRoleCause()}. */
  public RaftStatus setRoleCause(String roleCause) {
    this.roleCause = roleCause;
    return this;
  }

  /** What the lease as leader is worth. */
  public LeaderLease getLeaderLease() {
    return leaderLease;
  }

  /** Sets {@link #getLeaderLease()}. */
  public RaftStatus setLeaderLease(LeaderLease leaderLease) {
    this.leaderLease = leaderLease;
    return this;
  }

  /** Milliseconds in which this member votes for nobody, as it has heard a leader. */
  public long getSilenceMs() {
    return silenceMs;
  }

  /** Sets {@link #getSilenceMs()}. */
  public RaftStatus setSilenceMs(long silenceMs) {
    this.silenceMs = silenceMs;
    return this;
  }

  /** Milliseconds until this member campaigns unless it hears a leader; -1 on a leader. */
  public long getElectionDueMs() {
    return electionDueMs;
  }

  /** Sets {@link #getElectionDueMs()}. */
  public RaftStatus setElectionDueMs(long electionDueMs) {
    this.electionDueMs = electionDueMs;
    return this;
  }

  /** Age in milliseconds of the oldest write that storage has not finished; 0 if there is none. */
  public long getOldestWriteAgeMs() {
    return oldestWriteAgeMs;
  }

  /** Sets {@link #getOldestWriteAgeMs()}. */
  public RaftStatus setOldestWriteAgeMs(long oldestWriteAgeMs) {
    this.oldestWriteAgeMs = oldestWriteAgeMs;
    return this;
  }

  /** To whom this leader hands over, or null. */
  public String getTransferTarget() {
    return transferTarget;
  }

  /** Sets {@link #getTransferTarget()}. */
  public RaftStatus setTransferTarget(String transferTarget) {
    this.transferTarget = transferTarget;
    return this;
  }

  /** Reads begun here and not yet answered. */
  public int getReadsInFlight() {
    return readsInFlight;
  }

  /** Sets {@link #getReadsInFlight()}. */
  public RaftStatus setReadsInFlight(int readsInFlight) {
    this.readsInFlight = readsInFlight;
    return this;
  }

  /** When this member has heard each other one last. */
  public List<PeerContact> getContacts() {
    return contacts;
  }

  /** Sets {@link #getContacts()}. */
  public RaftStatus setContacts(List<PeerContact> contacts) {
    this.contacts = new ArrayList<>(contacts);
    return this;
  }

  /** This member's snapshots, and what it is doing about them. */
  public SnapshotStatus getSnapshots() {
    return snapshots;
  }

  /** Sets {@link #getSnapshots()}. */
  public RaftStatus setSnapshots(SnapshotStatus snapshots) {
    this.snapshots = snapshots;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
