package io.vertxraft.peer;

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
 * What every transport between members does, whatever it writes: joins groups, listens while any is
 * joined, keeps streams to their members, and hands messages to and from them.
 *
 * <p>It listens where the node's own entry in the members list says, unless {@link
 * PeerTransportOptions#setBindHost} or {@link PeerTransportOptions#setBindPort} say otherwise; it
 * starts with the first group that joins and stops with {@link #close()}.
 *
 * <p>All methods may be called from any thread; futures complete on the caller's Vert.x context.
 */
public abstract class PeerTransport implements Transport {
  private final VertxInternal vertx;
  private final TransportParts parts;
  private final WireProtocol protocol;
  private final GroupRegistry groups;
  private final Peers peers;
  private final Promise<Void> closed = Promise.promise();

  /** Where the port and most streams live. Guarded by this. */
  private ContextInternal home;

  // Kept here because Vert.x refers to its hooks weakly.
  private final Closeable closeHook = completion -> close().onComplete(completion);

  // Confined to the home context.
  private Future<Port> listening;
  private boolean closing;

  // The same once it listens, for answers sent from the groups' contexts.
  private volatile InboundStreams inbound;

  private record Port(WireProtocol.Listening listening, InboundStreams inbound) {}

  /**
   * Creates a transport; it does nothing until a group joins.
   *
   * @param vertx whose event loops do the work; closing it closes the transport
   * @param parts used by this transport only
   * @param protocol what it writes, and how it connects
   */
  protected PeerTransport(Vertx vertx, TransportParts parts, WireProtocol protocol) {
    this.vertx = (VertxInternal) vertx;
    this.parts = parts;
    this.protocol = protocol;
    this.groups = parts.groups();
    this.peers = new Peers(this.vertx, protocol, parts);
    this.vertx.addCloseHook(closeHook);
  }

  @Override
  public final Future<Endpoint> join(
      GroupIdentity identity, List<PeerAddress> members, Executor context, Receiver receiver) {
    JoinedGroup group;
    try {
      group =
          new JoinedGroup(
              identity,
              members,
              context,
              receiver,
              parts.options().getInboundBytesMax(),
              parts.counters());
    } catch (IllegalArgumentException e) {
      return vertx.getOrCreateContext().failedFuture(e);
    }
    Promise<Endpoint> joined = vertx.promise();
    home().runOnContext(v -> join(group, joined));
    return joined.future();
  }

  /**
   * The transport's own context. Unless the options say otherwise, it is on the event loop of the
   * first group that joins: what a group sends and receives wakes no other thread on its way.
   */
  private synchronized ContextInternal home() {
    if (home == null) {
      ContextInternal caller = vertx.getContext();
      home =
          parts.options().isOwnEventLoops() || caller == null || !caller.isEventLoopContext()
              ? vertx.createEventLoopContext()
              : vertx.contextBuilder().withEventLoop(caller.nettyEventLoop()).build();
    }
    return home;
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
    Future<Port> attempt = listen(group);
    attempt.onComplete(
        up -> {
          if (closing) {
            groups.remove(group);
            joined.fail(new IllegalStateException("the transport is closed"));
            return;
          }
          inbound = up.inbound;
          peers.connect(group, home());
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
  private Future<Port> listen(JoinedGroup group) {
    if (listening == null) {
      PeerTransportOptions<?> options = parts.options();
      PeerAddress self = group.self();
      String host = options.getBindHost() == null ? self.host() : options.getBindHost();
      int port = options.getBindPort() == 0 ? self.port() : options.getBindPort();
      InboundStreams streams = new InboundStreams(home(), group.identity(), parts);
      WireProtocol.Listening fresh = protocol.listening(home(), streams);
      listening =
          fresh
              .listen(host, port)
              .recover(
                  e ->
                      home()
                          .failedFuture(
                              new IllegalStateException(
                                  "node '%s' cannot listen on %s:%d: %s"
                                      .formatted(self.nodeId(), host, port, Reasons.of(e)),
                                  e)))
              .map(new Port(fresh, streams));
    }
    return listening;
  }

  /** The state of each stream to a peer, by peer id and kind. */
  public final List<PeerStatus> peers() {
    return peers.status();
  }

  /** What has been counted so far. */
  public final TransportStats stats() {
    return parts.counters().snapshot();
  }

  @Override
  public final Future<Void> close() {
    Promise<Void> done = vertx.promise();
    home()
        .runOnContext(
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
              up -> up.succeeded() ? up.result().listening.close() : Future.succeededFuture()));
    }
    return Future.join(parts).mapEmpty();
  }

  private Future<Void> leave(JoinedGroup group) {
    groups.remove(group);
    Promise<Void> quiet = home().promise();
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
        parts.counters().droppedForeign.increment();
        return;
      }
      if (StreamKind.isReply(message)) {
        inbound.reply(to, groupId, message);
        return;
      }
      PeerStream stream = peers.stream(to, StreamKind.of(message));
      if (stream == null) {
        parts.counters().droppedDisconnected.increment();
      } else {
        stream.send(groupId, message);
      }
    }

    @Override
    public Future<Void> close() {
      Promise<Void> done = vertx.promise();
      home().runOnContext(v -> leave(group).onComplete(done));
      return done.future();
    }
  }
}
