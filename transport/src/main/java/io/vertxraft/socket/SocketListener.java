package io.vertxraft.socket;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertxraft.peer.InboundStreams;
import io.vertxraft.peer.Reasons;
import io.vertxraft.peer.TransportParts;
import io.vertxraft.peer.WireProtocol;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The port on which peers connect to this node. */
final class SocketListener implements WireProtocol.Listening {
  private static final Logger LOGGER = System.getLogger(SocketListener.class.getName());

  private final ContextInternal context;
  private final NetServerOptions netOptions;
  private final TransportParts parts;
  private final InboundStreams streams;
  private final Set<SocketVisit> visits = new HashSet<>();
  private NetServer server;

  SocketListener(
      ContextInternal context,
      NetServerOptions netOptions,
      TransportParts parts,
      InboundStreams streams) {
    this.context = context;
    this.netOptions = netOptions;
    this.parts = parts;
    this.streams = streams;
  }

  @Override
  public Future<Void> listen(String host, int port) {
    context.exceptionHandler(streams::unexpected);
    server = context.owner().createNetServer(netOptions);
    server.connectHandler(this::connected);
    server.exceptionHandler(
        e ->
            LOGGER.log(
                Level.DEBUG,
                () -> "%s: bad connection: %s".formatted(streams.self(), Reasons.of(e))));
    return server.listen(port, host).mapEmpty();
  }

  private void connected(NetSocket socket) {
    SocketVisit visit = new SocketVisit((NetSocketInternal) socket, parts, streams);
    visits.add(visit);
    visit.start(() -> visits.remove(visit));
  }

  @Override
  public Future<Void> close() {
    List.copyOf(visits).forEach(SocketVisit::abort);
    return server == null ? context.succeededFuture() : server.close();
  }
}
