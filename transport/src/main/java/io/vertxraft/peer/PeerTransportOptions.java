package io.vertxraft.peer;

import io.vertx.core.json.JsonObject;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;

/**
 * What one can set about every transport between members. Each bound has a default and its unit in
 * its name.
 *
 * @param <T> the options of one transport
 */
public abstract class PeerTransportOptions<T extends PeerTransportOptions<T>> {
  /** Default {@link #getBindHost()}: none, the node's own host in the members list. */
  public static final String DEFAULT_BIND_HOST = null;

  /** Default {@link #getBindPort()}: {@value}, the node's own port in the members list. */
  public static final int DEFAULT_BIND_PORT = 0;

  /** Default {@link #getConnectTimeoutMs()}: {@value}. */
  public static final int DEFAULT_CONNECT_TIMEOUT_MS = 5_000;

  /** Default {@link #getReconnectDelayMinMs()}: {@value}. */
  public static final long DEFAULT_RECONNECT_DELAY_MIN_MS = 50;

  /** Default {@link #getReconnectDelayMaxMs()}: {@value}. */
  public static final long DEFAULT_RECONNECT_DELAY_MAX_MS = 500;

  /** Default {@link #getPeerIdleTimeoutMs()}: {@value}. */
  public static final long DEFAULT_PEER_IDLE_TIMEOUT_MS = 10_000;

  /** Default {@link #getMessageBytesMax()}: {@value}. */
  public static final int DEFAULT_MESSAGE_BYTES_MAX = 8 * 1024 * 1024;

  /** Default {@link #getBulkQueueBytesMax()}: {@value}. */
  public static final long DEFAULT_BULK_QUEUE_BYTES_MAX = 64L * 1024 * 1024;

  /** Default {@link #getControlQueueBytesMax()}: {@value}. */
  public static final long DEFAULT_CONTROL_QUEUE_BYTES_MAX = 1024 * 1024;

  /** Default {@link #getSnapshotQueueBytesMax()}: {@value}. */
  public static final long DEFAULT_SNAPSHOT_QUEUE_BYTES_MAX = 16L * 1024 * 1024;

  /** Default {@link #getSnapshotBytesPerSecondMax()}: {@value}, no limit. */
  public static final long DEFAULT_SNAPSHOT_BYTES_PER_SECOND_MAX = 0;

  /** Default {@link #getSnapshotIdleTimeoutMs()}: {@value}. */
  public static final long DEFAULT_SNAPSHOT_IDLE_TIMEOUT_MS = 60_000;

  /** Default {@link #getQueueMessagesMax()}: {@value}. */
  public static final int DEFAULT_QUEUE_MESSAGES_MAX = 16_384;

  /** Default {@link #getInboundBytesMax()}: {@value}. */
  public static final long DEFAULT_INBOUND_BYTES_MAX = 32L * 1024 * 1024;

  /** Default {@link #isOwnEventLoops()}: {@value}. */
  public static final boolean DEFAULT_OWN_EVENT_LOOPS = false;

  private static final long SNAPSHOT_QUEUE_BYTES_MIN = 2L * CallCodec.PIECE_BYTES_MAX;
  private static final long SNAPSHOT_BYTES_PER_SECOND_MIN = 16 * 1024;
  private static final long SNAPSHOT_BYTES_PER_SECOND_MAX = 1_000_000_000_000L;

  private final ConnectionSettings connections =
      new ConnectionSettings(
          DEFAULT_CONNECT_TIMEOUT_MS,
          DEFAULT_RECONNECT_DELAY_MIN_MS,
          DEFAULT_RECONNECT_DELAY_MAX_MS,
          DEFAULT_PEER_IDLE_TIMEOUT_MS,
          DEFAULT_MESSAGE_BYTES_MAX);
  private String bindHost = DEFAULT_BIND_HOST;
  private int bindPort = DEFAULT_BIND_PORT;
  private long bulkQueueBytesMax = DEFAULT_BULK_QUEUE_BYTES_MAX;
  private long controlQueueBytesMax = DEFAULT_CONTROL_QUEUE_BYTES_MAX;
  private long snapshotQueueBytesMax = DEFAULT_SNAPSHOT_QUEUE_BYTES_MAX;
  private long snapshotBytesPerSecondMax = DEFAULT_SNAPSHOT_BYTES_PER_SECOND_MAX;
  private long snapshotIdleTimeoutMs = DEFAULT_SNAPSHOT_IDLE_TIMEOUT_MS;
  private int queueMessagesMax = DEFAULT_QUEUE_MESSAGES_MAX;
  private long inboundBytesMax = DEFAULT_INBOUND_BYTES_MAX;
  private boolean ownEventLoops = DEFAULT_OWN_EVENT_LOOPS;

  /** Options with all defaults. */
  protected PeerTransportOptions() {}

  /** Takes over what the JSON has; absent properties keep their defaults. */
  protected PeerTransportOptions(JsonObject json) {
    bindHost = json.getString("bindHost", bindHost);
    bindPort = json.getInteger("bindPort", bindPort);
    connections.read(json);
    bulkQueueBytesMax = json.getLong("bulkQueueBytesMax", bulkQueueBytesMax);
    controlQueueBytesMax = json.getLong("controlQueueBytesMax", controlQueueBytesMax);
    snapshotQueueBytesMax = json.getLong("snapshotQueueBytesMax", snapshotQueueBytesMax);
    snapshotBytesPerSecondMax =
        json.getLong("snapshotBytesPerSecondMax", snapshotBytesPerSecondMax);
    snapshotIdleTimeoutMs = json.getLong("snapshotIdleTimeoutMs", snapshotIdleTimeoutMs);
    queueMessagesMax = json.getInteger("queueMessagesMax", queueMessagesMax);
    inboundBytesMax = json.getLong("inboundBytesMax", inboundBytesMax);
    ownEventLoops = json.getBoolean("ownEventLoops", ownEventLoops);
  }

  /** Copies keys and certificates, which JSON cannot always express. */
  protected void copyTls(T other) {
    connections.copyTls(((PeerTransportOptions<?>) other).connections);
  }

  /** These options. */
  protected abstract T self();

  /**
   * The JSON form, with any key store passwords.
   *
   * @throws IllegalArgumentException if key or trust options are of another class than those for
   *     PEM, JKS and PFX, which JSON cannot express
   */
  public JsonObject toJson() {
    return connections.writeTlsTo(toJsonWithoutTls());
  }

  /** The JSON form of all but keys, certificates and their passwords. */
  protected JsonObject toJsonWithoutTls() {
    JsonObject json = new JsonObject();
    if (bindHost != null) {
      json.put("bindHost", bindHost);
    }
    return connections
        .writeTo(json.put("bindPort", bindPort))
        .put("bulkQueueBytesMax", bulkQueueBytesMax)
        .put("controlQueueBytesMax", controlQueueBytesMax)
        .put("snapshotQueueBytesMax", snapshotQueueBytesMax)
        .put("snapshotBytesPerSecondMax", snapshotBytesPerSecondMax)
        .put("snapshotIdleTimeoutMs", snapshotIdleTimeoutMs)
        .put("queueMessagesMax", queueMessagesMax)
        .put("inboundBytesMax", inboundBytesMax)
        .put("ownEventLoops", ownEventLoops);
  }

  /**
   * Checks every option and how they fit together; called when a transport is created.
   *
   * @return this
   * @throws IllegalArgumentException naming the first option that does not fit, its value and what
   *     is allowed
   */
  public T validate() {
    if (bindHost != null && bindHost.isBlank()) {
      throw new IllegalArgumentException("bindHost is blank: leave it out or name an address");
    }
    OptionChecks.within("bindPort", bindPort, 0, 65_535);
    connections.validate();
    OptionChecks.within(
        "bulkQueueBytesMax", bulkQueueBytesMax, connections.messageBytesMax, Long.MAX_VALUE / 2);
    OptionChecks.within(
        "controlQueueBytesMax",
        controlQueueBytesMax,
        ConnectionSettings.MESSAGE_BYTES_MIN,
        Long.MAX_VALUE / 2);
    OptionChecks.within(
        "snapshotQueueBytesMax",
        snapshotQueueBytesMax,
        SNAPSHOT_QUEUE_BYTES_MIN,
        Long.MAX_VALUE / 2);
    if (snapshotBytesPerSecondMax != 0) {
      OptionChecks.within(
          "snapshotBytesPerSecondMax (0 for no limit)",
          snapshotBytesPerSecondMax,
          SNAPSHOT_BYTES_PER_SECOND_MIN,
          SNAPSHOT_BYTES_PER_SECOND_MAX);
    }
    OptionChecks.within("snapshotIdleTimeoutMs", snapshotIdleTimeoutMs, 1, Integer.MAX_VALUE);
    OptionChecks.within("queueMessagesMax", queueMessagesMax, 1, Integer.MAX_VALUE / 2);
    OptionChecks.within(
        "inboundBytesMax", inboundBytesMax, connections.messageBytesMax, Long.MAX_VALUE / 2);
    return self();
  }

  /**
   * The address to listen on, or null for the node's own host in the members list. Set it where
   * peers reach the node by another address than the one it can bind, for instance behind a
   * container's port mapping; what peers connect to is always the members list.
   */
  public String getBindHost() {
    return bindHost;
  }

  /** Sets {@link #getBindHost()}. */
  public T setBindHost(String bindHost) {
    this.bindHost = bindHost;
    return self();
  }

  /** The port to listen on, or 0 for the node's own port in the members list. */
  public int getBindPort() {
    return bindPort;
  }

  /** Sets {@link #getBindPort()}. */
  public T setBindPort(int bindPort) {
    this.bindPort = bindPort;
    return self();
  }

  /** How long an attempt to open a stream may take, until the peer has named itself. */
  public int getConnectTimeoutMs() {
    return connections.connectTimeoutMs;
  }

  /** Sets {@link #getConnectTimeoutMs()}. */
  public T setConnectTimeoutMs(int connectTimeoutMs) {
    connections.connectTimeoutMs = connectTimeoutMs;
    return self();
  }

  /** Pause before the first attempt to reconnect; it doubles with each further one. */
  public long getReconnectDelayMinMs() {
    return connections.reconnectDelayMinMs;
  }

  /** Sets {@link #getReconnectDelayMinMs()}. */
  public T setReconnectDelayMinMs(long reconnectDelayMinMs) {
    connections.reconnectDelayMinMs = reconnectDelayMinMs;
    return self();
  }

  /** Longest pause between attempts to reconnect, and the pause after a refusal. */
  public long getReconnectDelayMaxMs() {
    return connections.reconnectDelayMaxMs;
  }

  /** Sets {@link #getReconnectDelayMaxMs()}. */
  public T setReconnectDelayMaxMs(long reconnectDelayMaxMs) {
    connections.reconnectDelayMaxMs = reconnectDelayMaxMs;
    return self();
  }

  /**
   * A connection on which the peer answered nothing for this long, not even the transport's own
   * pings, is given up and opened anew. A listener closes connections on which it hears nothing for
   * three times as long. It should be the same on all members.
   */
  public long getPeerIdleTimeoutMs() {
    return connections.peerIdleTimeoutMs;
  }

  /** Sets {@link #getPeerIdleTimeoutMs()}. */
  public T setPeerIdleTimeoutMs(long peerIdleTimeoutMs) {
    connections.peerIdleTimeoutMs = peerIdleTimeoutMs;
    return self();
  }

  /**
   * Largest message sent or accepted, envelope included. It must exceed the largest command by at
   * least 1 KiB and should be the same on all members.
   */
  public int getMessageBytesMax() {
    return connections.messageBytesMax;
  }

  /** Sets {@link #getMessageBytesMax()}. */
  public T setMessageBytesMax(int messageBytesMax) {
    connections.messageBytesMax = messageBytesMax;
    return self();
  }

  /** Bytes that may wait for a peer's bulk stream; what does not fit is dropped. */
  public long getBulkQueueBytesMax() {
    return bulkQueueBytesMax;
  }

  /** Sets {@link #getBulkQueueBytesMax()}. */
  public T setBulkQueueBytesMax(long bulkQueueBytesMax) {
    this.bulkQueueBytesMax = bulkQueueBytesMax;
    return self();
  }

  /** Bytes that may wait for a peer's control stream; what does not fit is dropped. */
  public long getControlQueueBytesMax() {
    return controlQueueBytesMax;
  }

  /** Sets {@link #getControlQueueBytesMax()}. */
  public T setControlQueueBytesMax(long controlQueueBytesMax) {
    this.controlQueueBytesMax = controlQueueBytesMax;
    return self();
  }

  /**
   * Bytes that may wait for a peer's snapshot stream, in either direction; what does not fit is
   * dropped. It should exceed what a peer has in flight at once, over all groups.
   */
  public long getSnapshotQueueBytesMax() {
    return snapshotQueueBytesMax;
  }

  /** Sets {@link #getSnapshotQueueBytesMax()}. */
  public T setSnapshotQueueBytesMax(long snapshotQueueBytesMax) {
    this.snapshotQueueBytesMax = snapshotQueueBytesMax;
    return self();
  }

  /**
   * The most bytes of snapshots that this node sends per second, to all peers and of all groups
   * together; 0 for no limit. After a quiet time a quarter of a second's worth may go at once, and
   * then one message more. Set it so high that what members have in flight passes well within their
   * time limit for a piece; else they ask again for what is on its way.
   */
  public long getSnapshotBytesPerSecondMax() {
    return snapshotBytesPerSecondMax;
  }

  /** Sets {@link #getSnapshotBytesPerSecondMax()}. */
  public T setSnapshotBytesPerSecondMax(long snapshotBytesPerSecondMax) {
    this.snapshotBytesPerSecondMax = snapshotBytesPerSecondMax;
    return self();
  }

  /**
   * A snapshot stream on which nothing has been asked or answered for this long, or up to twice as
   * long, is closed by the node that opened it, until there is something to ask again. It should
   * exceed the members' time limit for a piece of a snapshot.
   */
  public long getSnapshotIdleTimeoutMs() {
    return snapshotIdleTimeoutMs;
  }

  /** Sets {@link #getSnapshotIdleTimeoutMs()}. */
  public T setSnapshotIdleTimeoutMs(long snapshotIdleTimeoutMs) {
    this.snapshotIdleTimeoutMs = snapshotIdleTimeoutMs;
    return self();
  }

  /** Messages that may wait for a stream, whatever their size. */
  public int getQueueMessagesMax() {
    return queueMessagesMax;
  }

  /** Sets {@link #getQueueMessagesMax()}. */
  public T setQueueMessagesMax(int queueMessagesMax) {
    this.queueMessagesMax = queueMessagesMax;
    return self();
  }

  /**
   * Bytes received that may wait for a group's context; what does not fit is dropped, so that a
   * group that is busy does not hold up the others.
   */
  public long getInboundBytesMax() {
    return inboundBytesMax;
  }

  /** Sets {@link #getInboundBytesMax()}. */
  public T setInboundBytesMax(long inboundBytesMax) {
    this.inboundBytesMax = inboundBytesMax;
    return self();
  }

  /**
   * Whether peer traffic gets event loops of its own. If not, it is handled on the event loop on
   * which the first group joins: a message wakes no other thread on its way, which is cheapest for
   * a node with one group. A node with many busy groups uses more cores with loops of its own.
   * Snapshots that this node fetches arrive on a loop of their own in any case.
   */
  public boolean isOwnEventLoops() {
    return ownEventLoops;
  }

  /** Sets {@link #isOwnEventLoops()}. */
  public T setOwnEventLoops(boolean ownEventLoops) {
    this.ownEventLoops = ownEventLoops;
    return self();
  }

  /** This node's key and certificate for TLS, or null for plain text. */
  public KeyCertOptions getKeyCertOptions() {
    return connections.keyCertOptions;
  }

  /**
   * Sets {@link #getKeyCertOptions()}. With TLS both sides present a certificate, and each
   * certificate must name its node: by a subject alternative name {@code raft://cluster/node} (URI)
   * or, if it has none that begins with {@code raft://}, by one that is the node id (DNS) or by the
   * node id as common name.
   */
  public T setKeyCertOptions(KeyCertOptions keyCertOptions) {
    connections.keyCertOptions = keyCertOptions;
    return self();
  }

  /** Whose certificates are trusted, or null for plain text. */
  public TrustOptions getTrustOptions() {
    return connections.trustOptions;
  }

  /** Sets {@link #getTrustOptions()}. */
  public T setTrustOptions(TrustOptions trustOptions) {
    connections.trustOptions = trustOptions;
    return self();
  }

  /** Whether peer traffic is encrypted and both ends authenticated by certificates. */
  public boolean isTls() {
    return connections.isTls();
  }

  /** All options but keys, certificates and their passwords. */
  @Override
  public String toString() {
    return toJsonWithoutTls().put("tls", isTls()).encode();
  }
}
