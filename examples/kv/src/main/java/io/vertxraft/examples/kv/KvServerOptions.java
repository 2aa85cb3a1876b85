package io.vertxraft.examples.kv;

import io.vertxraft.RaftOptions;
import io.vertxraft.grpc.GrpcTransportOptions;
import java.nio.file.Path;
import java.util.List;

/**
 * What a server is to be.
 *
 * @param raft the member and its limits
 * @param dataDirectory where its log is kept; it belongs to this member for ever
 * @param httpHost address to serve HTTP on
 * @param httpPort port to serve HTTP on; 0 for any free one
 * @param valueBytesMax longest value accepted, in bytes
 * @param storeBytesMax most bytes in the map, see {@link KvStateMachine#ENTRY_OVERHEAD_BYTES}
 * @param httpBytesInFlightMax most bytes of values on their way in at the same time
 * @param httpConnectionsMax most HTTP connections at the same time
 * @param snapshotBytesPerSecondMax most bytes of snapshots sent to other members in a second; 0 for
 *     no limit
 * @param serveClients whether programs that are no members may use the group through this member's
 *     gRPC port, with commands of {@link KvCodec}; whoever reaches that port then can
 * @param allowedHosts names that requests may give in their {@code Host} header, besides those of
 *     loopback; if there are none, any name is fine on an address other than loopback
 */
public record KvServerOptions(
    RaftOptions raft,
    Path dataDirectory,
    String httpHost,
    int httpPort,
    int valueBytesMax,
    long storeBytesMax,
    long httpBytesInFlightMax,
    int httpConnectionsMax,
    long snapshotBytesPerSecondMax,
    boolean serveClients,
    List<String> allowedHosts) {

  /** Default {@link #valueBytesMax()}: {@value}. */
  public static final int DEFAULT_VALUE_BYTES_MAX = 1024 * 1024;

  /** Default {@link #storeBytesMax()}: {@value}. */
  public static final long DEFAULT_STORE_BYTES_MAX = 256L * 1024 * 1024;

  /** Default {@link #httpBytesInFlightMax()}: {@value}. */
  public static final long DEFAULT_HTTP_BYTES_IN_FLIGHT_MAX = 8L * 1024 * 1024;

  /** Default {@link #httpConnectionsMax()}: {@value}. */
  public static final int DEFAULT_HTTP_CONNECTIONS_MAX = 1_024;

  /**
   * Options with default limits.
   *
   * @param raft the member; its {@code commandBytesMax} is set to hold the longest value
   * @param dataDirectory where its log is kept
   * @param httpHost address to serve HTTP on
   * @param httpPort port to serve HTTP on; 0 for any free one
   */
  public static KvServerOptions of(
      RaftOptions raft, Path dataDirectory, String httpHost, int httpPort) {
    return new KvServerOptions(
        new RaftOptions(raft)
            .setCommandBytesMax(DEFAULT_VALUE_BYTES_MAX + KvCodec.PUT_OVERHEAD_BYTES_MAX),
        dataDirectory,
        httpHost,
        httpPort,
        DEFAULT_VALUE_BYTES_MAX,
        DEFAULT_STORE_BYTES_MAX,
        DEFAULT_HTTP_BYTES_IN_FLIGHT_MAX,
        DEFAULT_HTTP_CONNECTIONS_MAX,
        GrpcTransportOptions.DEFAULT_SNAPSHOT_BYTES_PER_SECOND_MAX,
        false,
        List.of());
  }

  /** Copies the list. */
  public KvServerOptions {
    allowedHosts = List.copyOf(allowedHosts);
  }

  /** Host and port of HTTP as they stand in a URL. */
  String httpAddress() {
    return (httpHost.indexOf(':') < 0 ? httpHost : "[" + httpHost + "]") + ":" + httpPort;
  }
}
