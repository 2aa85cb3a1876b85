package io.vertxraft.grpc;

import io.vertx.core.Closeable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import io.vertxraft.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

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
public final class GrpcTransport implements Transport {
  private final VertxInternal vertx;
  private final GrpcTransportOptions options;
  private final ContextInternal context;
  private final TransportCounters counters = new TransportCounters();
  private final GroupRegistry groups = new GroupRegistry();
  private final HttpLayer http;
  private final RateLimitedLog log;
  private final Peers peers;
  private final Promise<Void> closed;

  // Kept here because Vert.x refers to its hooks weakly.
  private final Closeable closeHook = completion -> close().onComplete(completion);

  // Confined to the context.
  private Future<PeerServer> listening;
  private boolean closing;

  // The same server once it listens, for answers sent from the groups' contexts.
  private volatile PeerServer server;

  private GrpcTransport(Vertx vertx, GrpcTransportOptions options) {
    this.vertx = (VertxInternal) vertx;
    this.options = new GrpcTransportOptions(options).validate();
    this.context = this.vertx.createEventLoopContext();
    this.http = new HttpLayer(vertx, this.options);
    this.log = new RateLimitedLog(System.getLogger(GrpcTransport.class.getName()));
    this.peers = new Peers(this.vertx, http, this.options, groups, counters, log);
    this.closed = context.promise();
    this.vertx.addCloseHook(closeHook);
  }

  /**
   * Creates a transport; it does nothing until a group joins.
   *
   * @param vertx whose event loops do the work; closing it closes the transport
   * @param options copied
   * @throws IllegalArgumentException if an option is out of range
   */
  public static GrpcTransport create(Vertx vertx, GrpcTransportOptions options) {
    return new GrpcTransport(vertx, options);
  }

  /** Creates a transport with all defaults. */
  public static GrpcTransport create(Vertx vertx) {
    return new GrpcTransport(vertx, new GrpcTransportOptions());
  }

  @Override
  public Future<Endpoint> join(
      GroupIdentity identity, List<PeerAddress> members, Executor context, Receiver receiver) {
    JoinedGroup group;
    try {
      group =
          new JoinedGroup(
              identity, members, context, receiver, options.getInboundBytesMax(), counters);
    } catch (IllegalArgumentException e) {
      return vertx.getOrCreateContext().failedFuture(e);
    }
    Promise<Endpoint> joined = vertx.promise();
    this.context.runOnContext(v -> join(group, joined));
    return joined.future();
  }

  private void join(JoinedGroup group, Promise<Endpoint> joined) {
    if (closing) {
      joined.fail(new IllegalStateException("the transport is closed"));
      return;
    }
    try {
      groups.add(group);
    } catch (IllegalStateException e) {
      joined.fail(e);
      return;
    }
    Future<PeerServer> attempt = listen(group);
    attempt.onComplete(
        up -> {
          if (closing) {
            groups.remove(group);
            joined.fail(new IllegalStateException("the transport is closed"));
            return;
          }
          server = up;
          peers.connect(group);
          joined.complete(new GroupEndpoint(group));
        },
        e -> {
          groups.remove(group);
          if (listening == attempt) {
            listening = null;
          }
          joined.fail(e);
        });
  }

  /** Starts to listen on the first call; later ones share the result. */
  private Future<PeerServer> listen(JoinedGroup group) {
    if (listening == null) {
      PeerAddress self = group.self();
      String host = options.getBindHost() == null ? self.host() : options.getBindHost();
      int port = options.getBindPort() == 0 ? self.port() : options.getBindPort();
      PeerServer fresh = new PeerServer(context, http, options, groups, counters, log);
      listening = fresh.listen(group.identity(), host, port).map(fresh);
    }
    return listening;
  }

  /** The state of each stream to a peer, by peer id and kind. */
  public List<PeerStatus> peers() {
    return peers.status();
  }

  /** What has been counted so far. */
  public TransportStats stats() {
    return counters.snapshot();
  }

  @Override
  public Future<Void> close() {
    Promise<Void> done = vertx.promise();
    context.runOnContext(
        v -> {
          if (!closing) {
            closing = true;
            vertx.removeCloseHook(closeHook);
            closeAll().onComplete(closed);
          }
          closed.future().onComplete(done);
        });
    return done.future();
  }

  private Future<Void> closeAll() {
    List<Future<?>> parts = new ArrayList<>();
    for (JoinedGroup group : List.copyOf(groups.all())) {
      parts.add(leave(group));
    }
    if (listening != null) {
      // A port that could not be opened need not be closed.
      parts.add(
          listening.transform(
              up -> up.succeeded() ? up.result().close() : Future.succeededFuture()));
    }
    return Future.join(parts).mapEmpty();
  }

  private Future<Void> leave(JoinedGroup group) {
    groups.remove(group);
    Promise<Void> quiet = context.promise();
    group.leave(quiet::complete);
    Future<Void> disconnected = peers.closeUnused();
    return Future.join(quiet.future(), disconnected).mapEmpty();
  }

  /** One group's way to its peers. */
  private final class GroupEndpoint implements Endpoint {
    private final JoinedGroup group;

    GroupEndpoint(JoinedGroup group) {
      this.group = group;
    }

    @Override
    public void send(String to, Message message) {
      String groupId = group.identity().groupId();
      if (group.hasLeft() || !group.hasPeer(to)) {
        counters.droppedForeign.increment();
        return;
      }
      if (StreamKind.isReply(message)) {
        server.reply(to, groupId, message);
        return;
      }
      PeerStream stream = peers.stream(to, StreamKind.of(message));
      if (stream == null) {
        counters.droppedDisconnected.increment();
      } else {
        stream.send(groupId, message);
      }
    }

    @Override
    public Future<Void> close() {
      Promise<Void> done = vertx.promise();
      context.runOnContext(v -> leave(group).onComplete(done));
      return done.future();
    }
  }
}
