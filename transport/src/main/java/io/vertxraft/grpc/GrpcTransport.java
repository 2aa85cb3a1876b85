package io.vertxraft.grpc;

import io.vertx.core.Vertx;
import io.vertxraft.peer.PeerTransport;
import io.vertxraft.peer.TransportParts;

/**
 * Peer traffic over gRPC (vertx-grpc, HTTP/2). One per node: all groups of the node share its port
 * and its connections.
 *
 * <p>To each peer there are two streams, each on a connection of its own: log replication and
 * forwarded commands travel on one, votes and heartbeats on the other, so that these never wait
 * behind entries. A third carries the content of snapshots, so that neither waits behind it; it is
 * open only while something is fetched. Both ends verify cluster and node id before anything else
 * is said.
 *
 * <p>The transport listens where the node's own entry in the members list says, unless {@link
 * GrpcTransportOptions#setBindHost} or {@link GrpcTransportOptions#setBindPort} say otherwise; it
 * starts with the first group that joins and stops with {@link #close()}.
 *
 * <p>All methods may be called from any thread; futures complete on the caller's Vert.x context.
 */
public final class GrpcTransport extends PeerTransport {
  private GrpcTransport(Vertx vertx, GrpcTransportOptions options, TransportParts parts) {
    super(vertx, parts, new GrpcProtocol(vertx, options, parts));
  }

  /**
   * Creates a transport; it does nothing until a group joins.
   *
   * @param vertx whose event loops do the work; closing it closes the transport
   * @param options copied
   * @throws IllegalArgumentException if an option is out of range
   */
  public static GrpcTransport create(Vertx vertx, GrpcTransportOptions options) {
    GrpcTransportOptions valid = new GrpcTransportOptions(options).validate();
    System.Logger logger = System.getLogger(GrpcTransport.class.getName());
    return new GrpcTransport(vertx, valid, TransportParts.of(valid, logger));
  }

  /** Creates a transport with all defaults. */
  public static GrpcTransport create(Vertx vertx) {
    return create(vertx, new GrpcTransportOptions());
  }
}
