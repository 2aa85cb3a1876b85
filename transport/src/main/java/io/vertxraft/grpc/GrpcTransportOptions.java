package io.vertxraft.grpc;

import io.vertx.core.json.JsonObject;
import io.vertxraft.peer.OptionChecks;
import io.vertxraft.peer.PeerTransportOptions;

/**
 * Everything one can set about the gRPC transport. Each bound has a default and its unit in its
 * name. {@link #validate()} is called when a transport is created.
 */
public class GrpcTransportOptions extends PeerTransportOptions<GrpcTransportOptions> {
  /** Default {@link #getStreamWindowBytes()}: {@value}. */
  public static final int DEFAULT_STREAM_WINDOW_BYTES = 8 * 1024 * 1024;

  /** Default {@link #getConnectionWindowBytes()}: {@value}. */
  public static final int DEFAULT_CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024;

  private static final int HTTP2_WINDOW_BYTES_MIN = 65_535;

  private int streamWindowBytes = DEFAULT_STREAM_WINDOW_BYTES;
  private int connectionWindowBytes = DEFAULT_CONNECTION_WINDOW_BYTES;
  private boolean serveClients;
  private ClientLimits clientLimits = new ClientLimits();

  /** Options with all defaults, which suit most uses. */
  public GrpcTransportOptions() {}

  /** Copies options. */
  public GrpcTransportOptions(GrpcTransportOptions other) {
    this(other.toJsonWithoutTls());
    copyTls(other);
  }

  /**
   * Reads options from JSON; absent properties keep their defaults. TLS is configured by {@code
   * keyCertOptions} and {@code trustOptions}: each an object with a {@code type}, which is {@code
   * pem}, {@code jks} or {@code pfx}, and the properties of the Vert.x options of that type.
   *
   * @throws IllegalArgumentException if such a type is unknown
   */
  public GrpcTransportOptions(JsonObject json) {
    super(json);
    streamWindowBytes = json.getInteger("streamWindowBytes", streamWindowBytes);
    connectionWindowBytes = json.getInteger("connectionWindowBytes", connectionWindowBytes);
    serveClients = json.getBoolean("serveClients", serveClients);
    clientLimits = new ClientLimits(json.getJsonObject("clientLimits", clientLimits.toJson()));
  }

  @Override
  protected GrpcTransportOptions self() {
    return this;
  }

  @Override
  protected JsonObject toJsonWithoutTls() {
    return super.toJsonWithoutTls()
        .put("streamWindowBytes", streamWindowBytes)
        .put("connectionWindowBytes", connectionWindowBytes)
        .put("serveClients", serveClients)
        .put("clientLimits", clientLimits.toJson());
  }

  @Override
  public GrpcTransportOptions validate() {
    super.validate();
    OptionChecks.within(
        "streamWindowBytes", streamWindowBytes, HTTP2_WINDOW_BYTES_MIN, Integer.MAX_VALUE);
    OptionChecks.within(
        "connectionWindowBytes", connectionWindowBytes, streamWindowBytes, Integer.MAX_VALUE);
    clientLimits.validate();
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
}
