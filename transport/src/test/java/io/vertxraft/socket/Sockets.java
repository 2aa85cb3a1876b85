package io.vertxraft.socket;

import io.vertx.core.Vertx;
import io.vertxraft.peer.PeerTransport;
import io.vertxraft.peer.PeerTransportOptions;
import java.util.function.Consumer;

/** Makes socket transports for tests of every transport. */
final class Sockets {
  private Sockets() {}

  static PeerTransport transport(Vertx vertx, Consumer<PeerTransportOptions<?>> settings) {
    SocketTransportOptions options = new SocketTransportOptions();
    settings.accept(options);
    return SocketTransport.create(vertx, options);
  }
}
