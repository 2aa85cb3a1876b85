package io.vertxraft.grpc;

import io.vertx.core.json.JsonObject;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;

/**
 * Everything one can set about the gRPC transport. Each bound has a default and its unit in its
 * name. {@link #validate()} is called when a transport is created.
 */
public class GrpcTransportOptions {
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

  /** Default {@link #getStreamWindowBytes()}: {@value}. */
  public static final int DEFAULT_STREAM_WINDOW_BYTES = 8 * 1024 * 1024;

  /** Default {@link #getConnectionWindowBytes()}: {@value}. */
  public static final int DEFAULT_CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;

  private static final int HTTP2_WINDOW_BYTES_MIN = 65_535;
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
  private int streamWindowBytes = DEFAULT_STREAM_WINDOW_BYTES;
  private int connectionWindowBytes = DEFAULT_CONNECTION_WINDOW_BYTES;
  private boolean serveClients;
  private ClientLimits clientLimits = new ClientLimits();

  /** Options with all defaults, which suit most uses. */
  public GrpcTransportOptions() {}

  /** Copies options. */
  public GrpcTransportOptions(GrpcTransportOptions other) {
    this(other.toJsonWithoutTls());
    connections.copyTls(other.connections);
  }

  /**
   * Reads options from JSON; absent properties keep their defaults. TLS is configured by {@code
   * keyCertOptions} and {@code trustOptions}: each an object with a {@code type}, which is {@code
   * pem}, {@code jks} or {@code pfx}, and the properties of the Vert.x options of that type.
   *
   * @throws IllegalArgumentException if such a type is unknown
   */
  public GrpcTransportOptions(JsonObject json) {
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
    streamWindowBytes = json.getInteger("streamWindowBytes", streamWindowBytes);
    connectionWindowBytes = json.getInteger("connectionWindowBytes", connectionWindowBytes);
    serveClients = json.getBoolean("serveClients", serveClients);
    clientLimits = new ClientLimits(json.getJsonObject("clientLimits", clientLimits.toJson()));
  }

  /**
   * The JSON form that {@link #GrpcTransportOptions(JsonObject)} reads, with any key store
   * passwords.
   *
   * @throws IllegalArgumentException if key or trust options are of another class than those for
   *     PEM, JKS and PFX, which JSON cannot express
   */
  public JsonObject toJson() {
    return connections.writeTlsTo(toJsonWithoutTls());
  }

  private JsonObject toJsonWithoutTls() {
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
        .put("streamWindowBytes", streamWindowBytes)
        .put("connectionWindowBytes", connectionWindowBytes)
        .put("serveClients", serveClients)
        .put("clientLimits", clientLimits.toJson());
  }

  /**
   * Checks every option and how they fit together.
   *
   * @return this
   * @throws IllegalArgumentException naming the first option that does not fit, its value and what
   *     is allowed
   */
  public GrpcTransportOptions validate() {
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
    OptionChecks.within(
        "streamWindowBytes", streamWindowBytes, HTTP2_WINDOW_BYTES_MIN, Integer.MAX_VALUE);
    OptionChecks.within(
        "connectionWindowBytes", connectionWindowBytes, streamWindowBytes, Integer.MAX_VALUE);
    clientLimits.validate();
    return this;
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
  public GrpcTransportOptions setBindHost(String bindHost) {
    this.bindHost = bindHost;
    return this;
  }

  /** The port to listen on, or 0 for the node's own port in the members list. */
  public int getBindPort() {
    return bindPort;
  }

  /** Sets {@link #getBindPort()}. */
  public GrpcTransportOptions setBindPort(int bindPort) {
    this.bindPort = bindPort;
    return this;
  }

  /** How long an attempt to open a stream may take, until the peer has named itself. */
  public int getConnectTimeoutMs() {
    return connections.connectTimeoutMs;
  }

  /** Sets {@link #getConnectTimeoutMs()}. */
  public GrpcTransportOptions setConnectTimeoutMs(int connectTimeoutMs) {
    connections.connectTimeoutMs = connectTimeoutMs;
    return this;
  }

  /** Pause before the first attempt to reconnect; it doubles with each further one. */
  public long getReconnectDelayMinMs() {
    return connections.reconnectDelayMinMs;
  }

  /** Sets {@link #getReconnectDelayMinMs()}. */
  public GrpcTransportOptions setReconnectDelayMinMs(long reconnectDelayMinMs) {
    connections.reconnectDelayMinMs = reconnectDelayMinMs;
    return this;
  }

  /** Longest pause between attempts to reconnect, and the pause after a refusal. */
  public long getReconnectDelayMaxMs() {
    return connections.reconnectDelayMaxMs;
  }

  /** Sets {@link #getReconnectDelayMaxMs()}. */
  public GrpcTransportOptions setReconnectDelayMaxMs(long reconnectDelayMaxMs) {
    connections.reconnectDelayMaxMs = reconnectDelayMaxMs;
    return this;
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
  public GrpcTransportOptions setPeerIdleTimeoutMs(long peerIdleTimeoutMs) {
    connections.peerIdleTimeoutMs = peerIdleTimeoutMs;
    return this;
  }

  /**
   * Largest message sent or accepted, envelope included. It must exceed the largest command by at
   * least 1 KiB and should be the same on all members.
   */
  public int getMessageBytesMax() {
    return connections.messageBytesMax;
  }

  /** Sets {@link #getMessageBytesMax()}. */
  public GrpcTransportOptions setMessageBytesMax(int messageBytesMax) {
    connections.messageBytesMax = messageBytesMax;
    return this;
  }

  /** Bytes that may wait for a peer's bulk stream; what does not fit is dropped. */
  public long getBulkQueueBytesMax() {
    return bulkQueueBytesMax;
  }

  /** Sets {@link #getBulkQueueBytesMax()}. */
  public GrpcTransportOptions setBulkQueueBytesMax(long bulkQueueBytesMax) {
    this.bulkQueueBytesMax = bulkQueueBytesMax;
    return this;
  }

  /** Bytes that may wait for a peer's control stream; what does not fit is dropped. */
  public long getControlQueueBytesMax() {
    return controlQueueBytesMax;
  }

  /** Sets {@link #getControlQueueBytesMax()}. */
  public GrpcTransportOptions setControlQueueBytesMax(long controlQueueBytesMax) {
    this.controlQueueBytesMax = controlQueueBytesMax;
    return this;
  }

  /**
   * Bytes that may wait for a peer's snapshot stream, in either direction; what does not fit is
   * dropped. It should exceed what a peer has in flight at once, over all groups.
   */
  public long getSnapshotQueueBytesMax() {
    return snapshotQueueBytesMax;
  }

  /** Sets {@link #getSnapshotQueueBytesMax()}. */
  public GrpcTransportOptions setSnapshotQueueBytesMax(long snapshotQueueBytesMax) {
    this.snapshotQueueBytesMax = snapshotQueueBytesMax;
    return this;
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
  public GrpcTransportOptions setSnapshotBytesPerSecondMax(long snapshotBytesPerSecondMax) {
    this.snapshotBytesPerSecondMax = snapshotBytesPerSecondMax;
    return this;
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
  public GrpcTransportOptions setSnapshotIdleTimeoutMs(long snapshotIdleTimeoutMs) {
    this.snapshotIdleTimeoutMs = snapshotIdleTimeoutMs;
    return this;
  }

  /** Messages that may wait for a stream, whatever their size. */
  public int getQueueMessagesMax() {
    return queueMessagesMax;
  }

  /** Sets {@link #getQueueMessagesMax()}. */
  public GrpcTransportOptions setQueueMessagesMax(int queueMessagesMax) {
    this.queueMessagesMax = queueMessagesMax;
    return this;
  }

  /**
   * Bytes received that may wait for a group's context; what does not fit is dropped, so that a
   * group that is busy does not hold up the others.
   */
  public long getInboundBytesMax() {
    return inboundBytesMax;
  }

  /** Sets {@link #getInboundBytesMax()}. */
  public GrpcTransportOptions setInboundBytesMax(long inboundBytesMax) {
    this.inboundBytesMax = inboundBytesMax;
    return this;
  }

  /** HTTP/2 flow-control window of a stream: what may be under way to this node unread. */
  public int getStreamWindowBytes() {
    return streamWindowBytes;
  }

  /** Sets {@link #getStreamWindowBytes()}. */
  public GrpcTransportOptions setStreamWindowBytes(int streamWindowBytes) {
    this.streamWindowBytes = streamWindowBytes;
    return this;
  }

  /** HTTP/2 flow-control window of a connection. */
  public int getConnectionWindowBytes() {
    return connectionWindowBytes;
  }

  /** Sets {@link #getConnectionWindowBytes()}. */
  public GrpcTransportOptions setConnectionWindowBytes(int connectionWindowBytes) {
    this.connectionWindowBytes = connectionWindowBytes;
    return this;
  }

  /**
   * Whether clients that are no members may use the groups through this node's port, by {@link
   * GrpcClientChannel}. Off by default: without TLS whoever reaches the port, and with TLS whoever
   * has a certificate that {@link #getTrustOptions()} accept, can then change and read all that the
   * groups hold. No client becomes a peer by it.
   */
  public boolean isServeClients() {
    return serveClients;
  }

  /** Sets {@link #isServeClients()}. */
  public GrpcTransportOptions setServeClients(boolean serveClients) {
    this.serveClients = serveClients;
    return this;
  }

  /** How much clients may ask at once. */
  public ClientLimits getClientLimits() {
    return clientLimits;
  }

  /** Sets {@link #getClientLimits()}. */
  public GrpcTransportOptions setClientLimits(ClientLimits clientLimits) {
    this.clientLimits = clientLimits;
    return this;
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
  public GrpcTransportOptions setKeyCertOptions(KeyCertOptions keyCertOptions) {
    connections.keyCertOptions = keyCertOptions;
    return this;
  }

  /** Whose certificates are trusted, or null for plain text. */
  public TrustOptions getTrustOptions() {
    return connections.trustOptions;
  }

  /** Sets {@link #getTrustOptions()}. */
  public GrpcTransportOptions setTrustOptions(TrustOptions trustOptions) {
    connections.trustOptions = trustOptions;
    return this;
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
