package io.vertxraft.socket;

import io.vertxraft.peer.PeerTrafficContract;
import io.vertxraft.peer.PeerTransport;
import io.vertxraft.peer.PeerTransportOptions;
import java.util.function.Consumer;

/** Large, many, damaged and unanswered messages. */
class SocketPeerTrafficTest extends PeerTrafficContract {

  @Override
  protected PeerTransport transport(Consumer<PeerTransportOptions<?>> settings) {
    return Sockets.transport(vertx, settings);
  }

  @Override
  protected Class<?> logger() {
    return SocketTransport.class;
  }
}
