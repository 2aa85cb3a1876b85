package io.vertxraft;

import static io.vertxraft.OptionChecks.range;

import io.vertx.codegen.annotations.DataObject;
import io.vertx.codegen.json.annotations.JsonGen;
import io.vertx.core.ThreadingModel;
import io.vertx.core.json.JsonObject;
import io.vertxraft.spi.GroupIdentity;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything one can set about a member of a group. Each bound has a default and its unit in its
 * name. {@link #validate()} is called before a node starts.
 */
@DataObject
@JsonGen(publicConverter = false)
public class RaftOptions {
  /** Default {@link #getClusterId()}: {@value}. */
  public static final String DEFAULT_CLUSTER_ID = "vertx-raft";

  /** Default {@link #getGroupId()}: {@value}. */
  public static final String DEFAULT_GROUP_ID = "default";

  /** Default {@link #getElectionTimeoutMs()}: {@value}. */
  public static final long DEFAULT_ELECTION_TIMEOUT_MS = 1_000;

  /** Default {@link #getHeartbeatIntervalMs()}: {@value}. */
  public static final long DEFAULT_HEARTBEAT_INTERVAL_MS = 100;

  /** Default {@link #getCommandBytesMax()}: {@value}. */
  public static final int DEFAULT_COMMAND_BYTES_MAX = 4 * 1024 * 1024;

  /** Default {@link #getProposalsInFlightMax()}: {@value}. */
  public static final int DEFAULT_PROPOSALS_IN_FLIGHT_MAX = 65_536;

  /** Default {@link #getProposalBytesInFlightMax()}: {@value}. */
  public static final long DEFAULT_PROPOSAL_BYTES_IN_FLIGHT_MAX = 64L * 1024 * 1024;

  /** Default {@link #getAppendEntriesMax()}: {@value}. */
  public static final int DEFAULT_APPEND_ENTRIES_MAX = 1_024;

  /** Default {@link #getAppendBytesMax()}: {@value}. */
  public static final int DEFAULT_APPEND_BYTES_MAX = 256 * 1024;

  /** Default {@link #getReplicationMessagesInFlightMax()}: {@value}. */
  public static final int DEFAULT_REPLICATION_MESSAGES_IN_FLIGHT_MAX = 64;

  /** Default {@link #getReplicationBytesInFlightMax()}: {@value}. */
  public static final long DEFAULT_REPLICATION_BYTES_IN_FLIGHT_MAX = 8L * 1024 * 1024;

  /** Default {@link #getLogCacheBytesMax()}: {@value}. */
  public static final long DEFAULT_LOG_CACHE_BYTES_MAX = 32L * 1024 * 1024;

  /** Default {@link #getApplyEntriesMax()}: {@value}. */
  public static final int DEFAULT_APPLY_ENTRIES_MAX = 1_024;

  /** Default {@link #getApplyBytesMax()}: {@value}. */
  public static final long DEFAULT_APPLY_BYTES_MAX = 4L * 1024 * 1024;

  /** Default {@link #getApplyTimeoutMs()}: {@value}. */
  public static final long DEFAULT_APPLY_TIMEOUT_MS = 10_000;

  /** Default {@link #getReadTimeoutMs()}: {@value}. */
  public static final long DEFAULT_READ_TIMEOUT_MS = 10_000;

  /** Default {@link #getReadsInFlightMax()}: {@value}. */
  public static final int DEFAULT_READS_IN_FLIGHT_MAX = 65_536;

  /** Default {@link #getClockDriftMaxPercent()}: {@value}. */
  public static final int DEFAULT_CLOCK_DRIFT_MAX_PERCENT = 10;

  /** Default {@link #getTransferTimeoutMs()}: {@value}. */
  public static final long DEFAULT_TRANSFER_TIMEOUT_MS = 10_000;

  /** Default {@link #isForwardToLeader()}: {@value}. */
  public static final boolean DEFAULT_FORWARD_TO_LEADER = true;

  /** Default {@link #getStateMachineThreading()}: the event loop. */
  public static final ThreadingModel DEFAULT_STATE_MACHINE_THREADING = ThreadingModel.EVENT_LOOP;

  private String clusterId = DEFAULT_CLUSTER_ID;
  private String groupId = DEFAULT_GROUP_ID;
  private String nodeId;
  private List<Member> members = new ArrayList<>();
  private long electionTimeoutMs = DEFAULT_ELECTION_TIMEOUT_MS;
  private long heartbeatIntervalMs = DEFAULT_HEARTBEAT_INTERVAL_MS;
  private int commandBytesMax = DEFAULT_COMMAND_BYTES_MAX;
  private int proposalsInFlightMax = DEFAULT_PROPOSALS_IN_FLIGHT_MAX;
  private long proposalBytesInFlightMax = DEFAULT_PROPOSAL_BYTES_IN_FLIGHT_MAX;
  private int appendEntriesMax = DEFAULT_APPEND_ENTRIES_MAX;
  private int appendBytesMax = DEFAULT_APPEND_BYTES_MAX;
  private int replicationMessagesInFlightMax = DEFAULT_REPLICATION_MESSAGES_IN_FLIGHT_MAX;
  private long replicationBytesInFlightMax = DEFAULT_REPLICATION_BYTES_IN_FLIGHT_MAX;
  private long logCacheBytesMax = DEFAULT_LOG_CACHE_BYTES_MAX;
  private int applyEntriesMax = DEFAULT_APPLY_ENTRIES_MAX;
  private long applyBytesMax = DEFAULT_APPLY_BYTES_MAX;
  private long applyTimeoutMs = DEFAULT_APPLY_TIMEOUT_MS;
  private long readTimeoutMs = DEFAULT_READ_TIMEOUT_MS;
  private int readsInFlightMax = DEFAULT_READS_IN_FLIGHT_MAX;
  private int clockDriftMaxPercent = DEFAULT_CLOCK_DRIFT_MAX_PERCENT;
  private long transferTimeoutMs = DEFAULT_TRANSFER_TIMEOUT_MS;
  private long storageStallMs;
  private int compressFromBytes;
  private SessionTableOptions sessions = new SessionTableOptions();
  private SnapshotOptions snapshots = new SnapshotOptions();
  private boolean forwardToLeader = DEFAULT_FORWARD_TO_LEADER;
  private ThreadingModel stateMachineThreading = DEFAULT_STATE_MACHINE_THREADING;

  /** Options with all defaults; node id and members must be set. */
  public RaftOptions() {}

  /** Copies options. */
  public RaftOptions(RaftOptions other) {
    this(other.toJson());
  }

  /** Reads options from JSON; absent properties keep their defaults. */
  public RaftOptions(JsonObject json) {
    RaftOptionsConverter.fromJson(json, this);
  }

  /** The JSON form that {@link #RaftOptions(JsonObject)} reads. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    RaftOptionsConverter.toJson(this, json);
    return json;
  }

  /**
   * Checks every option and how they fit together.
   *
   * @return this
   * @throws IllegalArgumentException naming the first option that does not fit, its value and what
   *     is allowed
   */
  public RaftOptions validate() {
    GroupIdentity.requireId("clusterId", clusterId);
    GroupIdentity.requireId("groupId", groupId);
    GroupIdentity.requireId("nodeId", nodeId);
    Member.validateAll(members, nodeId);
    range("electionTimeoutMs", electionTimeoutMs, 10, 600_000);
    range("heartbeatIntervalMs", heartbeatIntervalMs, 1, electionTimeoutMs / 2);
    range("commandBytesMax", commandBytesMax, 1, 512L * 1024 * 1024);
    range("proposalsInFlightMax", proposalsInFlightMax, 1, Integer.MAX_VALUE);
    range("proposalBytesInFlightMax", proposalBytesInFlightMax, commandBytesMax, Long.MAX_VALUE);
    range("appendEntriesMax", appendEntriesMax, 1, 1_000_000);
    range("appendBytesMax", appendBytesMax, 1, 64L * 1024 * 1024);
    range("replicationMessagesInFlightMax", replicationMessagesInFlightMax, 1, 100_000);
    range("replicationBytesInFlightMax", replicationBytesInFlightMax, 1, Long.MAX_VALUE);
    range("logCacheBytesMax", logCacheBytesMax, 0, Long.MAX_VALUE);
    range("applyEntriesMax", applyEntriesMax, 1, 1_000_000);
    range("applyBytesMax", applyBytesMax, 1, Long.MAX_VALUE);
    range("applyTimeoutMs", applyTimeoutMs, 1, 86_400_000);
    range("readTimeoutMs", readTimeoutMs, 1, 86_400_000);
    range("readsInFlightMax", readsInFlightMax, 1, Integer.MAX_VALUE);
    range("clockDriftMaxPercent", clockDriftMaxPercent, 0, 100);
    range("transferTimeoutMs", transferTimeoutMs, 1, 86_400_000);
    range("storageStallMs", storageStallMs, 0, 86_400_000);
    range("compressFromBytes", compressFromBytes, 0, Integer.MAX_VALUE);
    sessions.validate();
    snapshots.validate();
    if (stateMachineThreading == null) {
      throw new IllegalArgumentException("stateMachineThreading is missing");
    }
    return this;
  }

  /** Cluster this node belongs to; members of other clusters are refused. */
  public String getClusterId() {
    return clusterId;
  }

  /** Sets the {@linkplain #getClusterId() cluster id}. */
  public RaftOptions setClusterId(String clusterId) {
    this.clusterId = clusterId;
    return this;
  }

  /** Raft group within the cluster. */
  public String getGroupId() {
    return groupId;
  }

  /** Sets the {@linkplain #getGroupId() group id}. */
  public RaftOptions setGroupId(String groupId) {
    this.groupId = groupId;
    return this;
  }

  /** This member's id; no default. */
  public String getNodeId() {
    return nodeId;
  }

  /** Sets the {@linkplain #getNodeId() node id}. */
  public RaftOptions setNodeId(String nodeId) {
    this.nodeId = nodeId;
    return this;
  }

  /** All members of the group, this one included; the same list on every member. */
  public List<Member> getMembers() {
    return members;
  }

  /** Sets the {@linkplain #getMembers() members}. */
  public RaftOptions setMembers(List<Member> members) {
    this.members = new ArrayList<>(members);
    return this;
  }

  /** Adds one of the {@linkplain #getMembers() members}. */
  public RaftOptions addMember(Member member) {
    members.add(member);
    return this;
  }

  /**
   * How long a follower waits for its leader before it campaigns: each wait is drawn anew from one
   * to one and a half times this value (§5.2). Choose at least ten times the round trip plus a disk
   * sync. The same on every member: leases count on it.
   */
  public long getElectionTimeoutMs() {
    return electionTimeoutMs;
  }

  /** Sets the {@linkplain #getElectionTimeoutMs() election timeout} in milliseconds. */
  public RaftOptions setElectionTimeoutMs(long electionTimeoutMs) {
    this.electionTimeoutMs = electionTimeoutMs;
    return this;
  }

  /** Time between a leader's heartbeats; at most half the election timeout. */
  public long getHeartbeatIntervalMs() {
    return heartbeatIntervalMs;
  }

  /** Sets the {@linkplain #getHeartbeatIntervalMs() heartbeat interval} in milliseconds. */
  public RaftOptions setHeartbeatIntervalMs(long heartbeatIntervalMs) {
    this.heartbeatIntervalMs = heartbeatIntervalMs;
    return this;
  }

  /** Largest command accepted, in bytes. */
  public int getCommandBytesMax() {
    return commandBytesMax;
  }

  /** Sets the {@linkplain #getCommandBytesMax() largest command}. */
  public RaftOptions setCommandBytesMax(int commandBytesMax) {
    this.commandBytesMax = commandBytesMax;
    return this;
  }

  /** Commands proposed here and not yet applied; more are rejected as overloaded. */
  public int getProposalsInFlightMax() {
    return proposalsInFlightMax;
  }

  /** Sets the {@linkplain #getProposalsInFlightMax() limit of commands in flight}. */
  public RaftOptions setProposalsInFlightMax(int proposalsInFlightMax) {
    this.proposalsInFlightMax = proposalsInFlightMax;
    return this;
  }

  /** Bytes of the commands proposed here and not yet applied. */
  public long getProposalBytesInFlightMax() {
    return proposalBytesInFlightMax;
  }

  /** Sets the {@linkplain #getProposalBytesInFlightMax() limit of bytes in flight}. */
  public RaftOptions setProposalBytesInFlightMax(long proposalBytesInFlightMax) {
    this.proposalBytesInFlightMax = proposalBytesInFlightMax;
    return this;
  }

  /** Entries in one AppendEntries message. */
  public int getAppendEntriesMax() {
    return appendEntriesMax;
  }

  /** Sets the {@linkplain #getAppendEntriesMax() entries per message}. */
  public RaftOptions setAppendEntriesMax(int appendEntriesMax) {
    this.appendEntriesMax = appendEntriesMax;
    return this;
  }

  /** Bytes of entries in one AppendEntries message; one entry is always allowed. */
  public int getAppendBytesMax() {
    return appendBytesMax;
  }

  /** Sets the {@linkplain #getAppendBytesMax() bytes per message}. */
  public RaftOptions setAppendBytesMax(int appendBytesMax) {
    this.appendBytesMax = appendBytesMax;
    return this;
  }

  /** AppendEntries messages sent to one follower and not yet answered. */
  public int getReplicationMessagesInFlightMax() {
    return replicationMessagesInFlightMax;
  }

  /** Sets the {@linkplain #getReplicationMessagesInFlightMax() window} in messages. */
  public RaftOptions setReplicationMessagesInFlightMax(int replicationMessagesInFlightMax) {
    this.replicationMessagesInFlightMax = replicationMessagesInFlightMax;
    return this;
  }

  /**
   * Bytes sent to one follower and not yet answered. The window must hold bandwidth times round
   * trip plus sync: 8 MiB keep a 1 Gbit/s link busy over 60 ms.
   */
  public long getReplicationBytesInFlightMax() {
    return replicationBytesInFlightMax;
  }

  /** Sets the {@linkplain #getReplicationBytesInFlightMax() window} in bytes. */
  public RaftOptions setReplicationBytesInFlightMax(long replicationBytesInFlightMax) {
    this.replicationBytesInFlightMax = replicationBytesInFlightMax;
    return this;
  }

  /** Bytes of the newest durable entries kept in memory; older ones are read back when needed. */
  public long getLogCacheBytesMax() {
    return logCacheBytesMax;
  }

  /** Sets the {@linkplain #getLogCacheBytesMax() log cache}. */
  public RaftOptions setLogCacheBytesMax(long logCacheBytesMax) {
    this.logCacheBytesMax = logCacheBytesMax;
    return this;
  }

  /** Commands handed to the state machine in one batch. */
  public int getApplyEntriesMax() {
    return applyEntriesMax;
  }

  /** Sets the {@linkplain #getApplyEntriesMax() batch limit} in commands. */
  public RaftOptions setApplyEntriesMax(int applyEntriesMax) {
    this.applyEntriesMax = applyEntriesMax;
    return this;
  }

  /** Bytes handed to the state machine in one batch; one command is always allowed. */
  public long getApplyBytesMax() {
    return applyBytesMax;
  }

  /** Sets the {@linkplain #getApplyBytesMax() batch limit} in bytes. */
  public RaftOptions setApplyBytesMax(long applyBytesMax) {
    this.applyBytesMax = applyBytesMax;
    return this;
  }

  /** After this time an {@code apply} that has no outcome yet ends as unknown. */
  public long getApplyTimeoutMs() {
    return applyTimeoutMs;
  }

  /** Sets the {@linkplain #getApplyTimeoutMs() apply timeout} in milliseconds. */
  public RaftOptions setApplyTimeoutMs(long applyTimeoutMs) {
    this.applyTimeoutMs = applyTimeoutMs;
    return this;
  }

  /** After this time a {@code read} that has no answer yet is rejected. */
  public long getReadTimeoutMs() {
    return readTimeoutMs;
  }

  /** Sets the {@linkplain #getReadTimeoutMs() read timeout} in milliseconds. */
  public RaftOptions setReadTimeoutMs(long readTimeoutMs) {
    this.readTimeoutMs = readTimeoutMs;
    return this;
  }

  /** Reads begun here and not yet answered; more are rejected as overloaded. */
  public int getReadsInFlightMax() {
    return readsInFlightMax;
  }

  /** Sets the {@linkplain #getReadsInFlightMax() limit of reads in flight}. */
  public RaftOptions setReadsInFlightMax(int readsInFlightMax) {
    this.readsInFlightMax = readsInFlightMax;
    return this;
  }

  /**
   * How much faster the monotonic clock of one member may run than that of another, in percent: the
   * bound that leases rely on. A leader compares the clocks and does not count a member that
   * breaks the bound; while too few keep it, lease reads cost a round of heartbeats. The same on
   * every member.
   */
  public int getClockDriftMaxPercent() {
    return clockDriftMaxPercent;
  }

  /** Sets the {@linkplain #getClockDriftMaxPercent() bound of clock drift}. */
  public RaftOptions setClockDriftMaxPercent(int clockDriftMaxPercent) {
    this.clockDriftMaxPercent = clockDriftMaxPercent;
    return this;
  }

  /**
   * Time for the target of a leadership transfer to catch up. Commands go on meanwhile; they wait
   * only for the last step, for an election timeout at most.
   */
  public long getTransferTimeoutMs() {
    return transferTimeoutMs;
  }

  /** Sets the {@linkplain #getTransferTimeoutMs() transfer timeout} in milliseconds. */
  public RaftOptions setTransferTimeoutMs(long transferTimeoutMs) {
    this.transferTimeoutMs = transferTimeoutMs;
    return this;
  }

  /**
   * A leader whose storage has writes to do and has finished none for so long hands over and leads
   * no more, and no member whose storage is so silent campaigns. A disk that is merely busy
   * finishes writes. 0, the default, takes twice the election timeout.
   */
  public long getStorageStallMs() {
    return storageStallMs;
  }

  /** Sets the {@linkplain #getStorageStallMs() limit of a storage stall} in milliseconds. */
  public RaftOptions setStorageStallMs(long storageStallMs) {
    this.storageStallMs = storageStallMs;
    return this;
  }

  /** Bytes from which on a command is deflated in log and messages if that helps; 0: never. */
  public int getCompressFromBytes() {
    return compressFromBytes;
  }

  /** Sets {@linkplain #getCompressFromBytes() from what size commands are deflated}. */
  public RaftOptions setCompressFromBytes(int compressFromBytes) {
    this.compressFromBytes = compressFromBytes;
    return this;
  }

  /** How many client sessions the group keeps. */
  public SessionTableOptions getSessions() {
    return sessions;
  }

  /** Sets {@linkplain #getSessions() how many sessions the group keeps}; copied. */
  public RaftOptions setSessions(SessionTableOptions sessions) {
    this.sessions = new SessionTableOptions(sessions);
    return this;
  }

  /** When snapshots are taken, kept and fetched. */
  public SnapshotOptions getSnapshots() {
    return snapshots;
  }

  /** Sets {@linkplain #getSnapshots() when snapshots are taken}; copied. */
  public RaftOptions setSnapshots(SnapshotOptions snapshots) {
    this.snapshots = new SnapshotOptions(snapshots);
    return this;
  }

  /** Whether a member that does not lead passes commands on to the leader. */
  public boolean isForwardToLeader() {
    return forwardToLeader;
  }

  /** Sets whether to {@linkplain #isForwardToLeader() forward}. */
  public RaftOptions setForwardToLeader(boolean forwardToLeader) {
    this.forwardToLeader = forwardToLeader;
    return this;
  }

  /**
   * Where the state machine runs: on an event loop of its own (it must not block), on a worker
   * thread, or on a virtual thread (Java 21 and later).
   */
  public ThreadingModel getStateMachineThreading() {
    return stateMachineThreading;
  }

  /** Sets {@linkplain #getStateMachineThreading() where the state machine runs}. */
  public RaftOptions setStateMachineThreading(ThreadingModel stateMachineThreading) {
    this.stateMachineThreading = stateMachineThreading;
    return this;
  }

  @Override
  public String toString() {
    return toJson().encode();
  }
}
