package io.vertxraft.socket;

import io.vertxraft.peer.MutualTlsContract;
import io.vertxraft.peer.PeerTransport;
import io.vertxraft.peer.PeerTransportOptions;
import java.util.function.Consumer;

/** Certificates on both sides, each bound to its node's id. */
class SocketMutualTlsTest extends MutualTlsContract {

  @Override
  protected PeerTransport transport(Consumer<PeerTransportOptions<?>> settings) {
    return Sockets.transport(vertx, settings);
  }

  @Override
  protected Class<?> logger() {
    return SocketTransport.class;
  }
}
