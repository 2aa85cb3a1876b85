package io.vertxraft.socket;

import io.vertx.core.Vertx;
import io.vertxraft.peer.PeerTransport;
import io.vertxraft.peer.TransportParts;

/**
 * Peer traffic over plain TCP connections: what {@code GrpcTransport} promises to members, for
 * fewer cycles per message. One per node: all groups of the node share its port and its
 * connections.
 *
 * <p>To each peer there are two connections: log replication and forwarded commands travel on one,
 * votes and heartbeats on the other, so that these never wait behind entries. A third carries the
 * content of snapshots, so that neither waits behind it; it is open only while something is
 * fetched. Both ends verify cluster and node id before anything else is said. The wire format is
 * described in this package's documentation.
 *
 * <p>All members of a group use the same transport: members with another are refused, and named in
 * the log. Clients that are no members are not served; where there are any, use {@code
 * GrpcTransport} with {@code setServeClients(true)}, or let them speak to the program around a
 * member, which passes their commands on to its {@code RaftNode}.
 *
 * <p>The transport listens where the node's own entry in the members list says, unless {@link
 * SocketTransportOptions#setBindHost} or {@link SocketTransportOptions#setBindPort} say otherwise;
 * it starts with the first group that joins and stops with {@link #close()}.
 *
 * <p>All methods may be called from any thread; futures complete on the caller's Vert.x context.
 */
public final class SocketTransport extends PeerTransport {
  private SocketTransport(Vertx vertx, TransportParts parts) {
    super(vertx, parts, new SocketProtocol(parts));
  }

  /**
   * Creates a transport; it does nothing until a group joins.
   *
   * @param vertx whose event loops do the work; closing it closes the transport
   * @param options copied
   * @throws IllegalArgumentException if an option is out of range
   */
  public static SocketTransport create(Vertx vertx, SocketTransportOptions options) {
    SocketTransportOptions valid = new SocketTransportOptions(options).validate();
    System.Logger logger = System.getLogger(SocketTransport.class.getName());
    return new SocketTransport(vertx, TransportParts.of(valid, logger));
  }

  /** Creates a transport with all defaults. */
  public static SocketTransport create(Vertx vertx) {
    return create(vertx, new SocketTransportOptions());
  }
}
