package io.vertxraft.socket;

import io.vertxraft.peer.PeerTransport;
import io.vertxraft.peer.PeerTransportOptions;
import io.vertxraft.peer.TransportContract;
import java.util.function.Consumer;

class SocketTransportTest extends TransportContract {
  @Override
  protected PeerTransport transport(Consumer<PeerTransportOptions<?>> settings) {
    return Sockets.transport(vertx, settings);
  }

  @Override
  protected Class<?> logger() {
    return SocketTransport.class;
  }
}
