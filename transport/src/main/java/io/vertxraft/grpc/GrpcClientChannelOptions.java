package io.vertxraft.grpc;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertxraft.Member;
import io.vertxraft.peer.ConnectionSettings;
import io.vertxraft.peer.OptionChecks;
import io.vertxraft.spi.GroupIdentity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything one can set about a {@link GrpcClientChannel}. Cluster, group and at least one member
 * must be given. {@link #validate()} is called when a channel is created.
 */
public class GrpcClientChannelOptions {
  /** Default {@link #getConnectTimeoutMs()}: {@value}. */
  public static final int DEFAULT_CONNECT_TIMEOUT_MS = 2_000;

  /** Default {@link #getReconnectDelayMinMs()}: {@value}. */
  public static final long DEFAULT_RECONNECT_DELAY_MIN_MS = 50;

  /** Default {@link #getReconnectDelayMaxMs()}: {@value}. */
  public static final long DEFAULT_RECONNECT_DELAY_MAX_MS = 1_000;

  /** Default {@link #getPeerIdleTimeoutMs()}: {@value}. */
  public static final long DEFAULT_PEER_IDLE_TIMEOUT_MS = 10_000;

  /** Default {@link #getMessageBytesMax()}: {@value}. */
  public static final int DEFAULT_MESSAGE_BYTES_MAX = 8 * 1024 * 1024;

  /** Default {@link #getCallsInFlightMax()}: {@value}. */
  public static final int DEFAULT_CALLS_IN_FLIGHT_MAX = 4_096;

  /** Default {@link #getBytesInFlightMax()}: {@value}. */
  public static final long DEFAULT_BYTES_IN_FLIGHT_MAX = 64L * 1024 * 1024;

  private final ConnectionSettings connections =
      new ConnectionSettings(
          DEFAULT_CONNECT_TIMEOUT_MS,
          DEFAULT_RECONNECT_DELAY_MIN_MS,
          DEFAULT_RECONNECT_DELAY_MAX_MS,
          DEFAULT_PEER_IDLE_TIMEOUT_MS,
          DEFAULT_MESSAGE_BYTES_MAX);
  private String clusterId;
  private String groupId;
  private List<Member> members = new ArrayList<>();
  private int callsInFlightMax = DEFAULT_CALLS_IN_FLIGHT_MAX;
  private long bytesInFlightMax = DEFAULT_BYTES_IN_FLIGHT_MAX;

  /** Options without cluster, group and members, and with all other defaults. */
  public GrpcClientChannelOptions() {}

  /** Copies options. */
  public GrpcClientChannelOptions(GrpcClientChannelOptions other) {
    this(other.toJsonWithoutTls());
    connections.copyTls(other.connections);
  }

  /**
   * Reads options from JSON; absent properties keep their defaults. {@code members} is an array of
   * objects as {@link Member#Member(JsonObject)} reads them; TLS is configured as in {@link
   * GrpcTransportOptions#GrpcTransportOptions(JsonObject)}.
   *
   * @throws IllegalArgumentException if a member or a type of TLS options is not valid
   */
  public GrpcClientChannelOptions(JsonObject json) {
    clusterId = json.getString("clusterId");
    groupId = json.getString("groupId");
    JsonArray listed = json.getJsonArray("members", new JsonArray());
    for (int i = 0; i < listed.size(); i++) {
      members.add(new Member(listed.getJsonObject(i)));
    }
    connections.read(json);
    callsInFlightMax = json.getInteger("callsInFlightMax", callsInFlightMax);
    bytesInFlightMax = json.getLong("bytesInFlightMax", bytesInFlightMax);
  }

  /**
   * The JSON form that {@link #GrpcClientChannelOptions(JsonObject)} reads, with any key store
   * passwords.
   *
   * @throws IllegalArgumentException if key or trust options are of another class than those for
   *     PEM, JKS and PFX, which JSON cannot express
   */
  public JsonObject toJson() {
    return connections.writeTlsTo(toJsonWithoutTls());
  }

  private JsonObject toJsonWithoutTls() {
    JsonArray listed = new JsonArray();
    members.forEach(member -> listed.add(member.toJson()));
    JsonObject json =
        new JsonObject().put("clusterId", clusterId).put("groupId", groupId).put("members", listed);
    return connections
        .writeTo(json)
        .put("callsInFlightMax", callsInFlightMax)
        .put("bytesInFlightMax", bytesInFlightMax);
  }

  /**
   * Checks every option and how they fit together.
   *
   * @return this
   * @throws IllegalArgumentException naming the first option that does not fit, its value and what
   *     is allowed
   */
  public GrpcClientChannelOptions validate() {
    GroupIdentity.requireId("clusterId", clusterId);
    GroupIdentity.requireId("groupId", groupId);
    if (members.isEmpty()) {
      throw new IllegalArgumentException(
          "members is empty: name at least one member to connect to");
    }
    Set<String> ids = new HashSet<>();
    for (Member member : members) {
      if (!ids.add(member.getNodeId())) {
        throw new IllegalArgumentException(
            "member '%s' is listed twice".formatted(member.getNodeId()));
      }
    }
    connections.validate();
    OptionChecks.within("callsInFlightMax", callsInFlightMax, 1, Integer.MAX_VALUE / 2);
    OptionChecks.within(
        "bytesInFlightMax", bytesInFlightMax, connections.messageBytesMax, Long.MAX_VALUE / 2);
    return this;
  }

  /** The same, as the layers below read it. */
  GrpcTransportOptions connections() {
    return new GrpcTransportOptions()
        .setConnectTimeoutMs(connections.connectTimeoutMs)
        .setPeerIdleTimeoutMs(connections.peerIdleTimeoutMs)
        .setMessageBytesMax(connections.messageBytesMax)
        .setKeyCertOptions(connections.keyCertOptions)
        .setTrustOptions(connections.trustOptions);
  }

  /** The cluster, as in {@link io.vertxraft.RaftOptions#getClusterId()}. */
  public String getClusterId() {
    return clusterId;
  }

  /** Sets {@link #getClusterId()}. */
  public GrpcClientChannelOptions setClusterId(String clusterId) {
    this.clusterId = clusterId;
    return this;
  }

  /** The group, as in {@link io.vertxraft.RaftOptions#getGroupId()}. */
  public String getGroupId() {
    return groupId;
  }

  /** Sets {@link #getGroupId()}. */
  public GrpcClientChannelOptions setGroupId(String groupId) {
    this.groupId = groupId;
    return this;
  }

  /**
   * The members to connect to, with the addresses at which the client reaches them. Any one can
   * reach the leader; all of them are better, because the client speaks to the leader itself if it
   * is among them.
   */
  public List<Member> getMembers() {
    return members;
  }

  /** Sets {@link #getMembers()}. */
  public GrpcClientChannelOptions setMembers(List<Member> members) {
    this.members = new ArrayList<>(members);
    return this;
  }

  /** Adds to {@link #getMembers()}. */
  public GrpcClientChannelOptions addMember(Member member) {
    members.add(member);
    return this;
  }

  /**
   * How long an attempt to connect to a member may take, until it has named itself. Calls wait no
   * longer than this for a member that is not there while another one is.
   */
  public int getConnectTimeoutMs() {
    return connections.connectTimeoutMs;
  }

  /** Sets {@link #getConnectTimeoutMs()}. */
  public GrpcClientChannelOptions setConnectTimeoutMs(int connectTimeoutMs) {
    connections.connectTimeoutMs = connectTimeoutMs;
    return this;
  }

  /**
   * Pause before a member that could not be reached is tried again; it doubles with each further
   * failure. Meanwhile calls go to others.
   */
  public long getReconnectDelayMinMs() {
    return connections.reconnectDelayMinMs;
  }

  /** Sets {@link #getReconnectDelayMinMs()}. */
  public GrpcClientChannelOptions setReconnectDelayMinMs(long reconnectDelayMinMs) {
    connections.reconnectDelayMinMs = reconnectDelayMinMs;
    return this;
  }

  /** Longest pause before a member is tried again, and the pause after a refusal. */
  public long getReconnectDelayMaxMs() {
    return connections.reconnectDelayMaxMs;
  }

  /** Sets {@link #getReconnectDelayMaxMs()}. */
  public GrpcClientChannelOptions setReconnectDelayMaxMs(long reconnectDelayMaxMs) {
    connections.reconnectDelayMaxMs = reconnectDelayMaxMs;
    return this;
  }

  /**
   * A connection on which the member answered nothing for this long, not even pings, is given up.
   * It must not exceed three times the members' {@link
   * GrpcTransportOptions#getPeerIdleTimeoutMs()}, which close connections on which they hear
   * nothing.
   */
  public long getPeerIdleTimeoutMs() {
    return connections.peerIdleTimeoutMs;
  }

  /** Sets {@link #getPeerIdleTimeoutMs()}. */
  public GrpcClientChannelOptions setPeerIdleTimeoutMs(long peerIdleTimeoutMs) {
    connections.peerIdleTimeoutMs = peerIdleTimeoutMs;
    return this;
  }

  /**
   * Largest call sent and largest answer accepted, all included; at least as large as the members'
   * {@link GrpcTransportOptions#getMessageBytesMax()}, or answers may get lost.
   */
  public int getMessageBytesMax() {
    return connections.messageBytesMax;
  }

  /** Sets {@link #getMessageBytesMax()}. */
  public GrpcClientChannelOptions setMessageBytesMax(int messageBytesMax) {
    connections.messageBytesMax = messageBytesMax;
    return this;
  }

  /**
   * Calls that may be under way at once, to all members together; more are rejected as overload.
   */
  public int getCallsInFlightMax() {
    return callsInFlightMax;
  }

  /** Sets {@link #getCallsInFlightMax()}. */
  public GrpcClientChannelOptions setCallsInFlightMax(int callsInFlightMax) {
    this.callsInFlightMax = callsInFlightMax;
    return this;
  }

  /**
   * Bytes of calls that may be under way at once, to all members together; more are rejected as
   * overload.
   */
  public long getBytesInFlightMax() {
    return bytesInFlightMax;
  }

  /** Sets {@link #getBytesInFlightMax()}. */
  public GrpcClientChannelOptions setBytesInFlightMax(long bytesInFlightMax) {
    this.bytesInFlightMax = bytesInFlightMax;
    return this;
  }

  /** The client's key and certificate for TLS, or null for plain text. */
  public KeyCertOptions getKeyCertOptions() {
    return connections.keyCertOptions;
  }

  /**
   * Sets {@link #getKeyCertOptions()}. The members must trust the certificate. Its name may be
   * anything that is no member's id: one that names a member could speak as that member.
   */
  public GrpcClientChannelOptions setKeyCertOptions(KeyCertOptions keyCertOptions) {
    connections.keyCertOptions = keyCertOptions;
    return this;
  }

  /** Whose certificates are trusted as the members', or null for plain text. */
  public TrustOptions getTrustOptions() {
    return connections.trustOptions;
  }

  /**
   * Sets {@link #getTrustOptions()}. A member's certificate must also name it, as {@link
   * GrpcTransportOptions#setKeyCertOptions} says.
   */
  public GrpcClientChannelOptions setTrustOptions(TrustOptions trustOptions) {
    connections.trustOptions = trustOptions;
    return this;
  }

  /** Whether the traffic is encrypted and both ends authenticated by certificates. */
  public boolean isTls() {
    return connections.isTls();
  }

  /** All options but keys, certificates and their passwords. */
  @Override
  public String toString() {
    return toJsonWithoutTls().put("tls", isTls()).encode();
  }
}
