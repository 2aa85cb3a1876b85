package io.vertxraft.socket;

import io.vertxraft.peer.PeerTransport;
import io.vertxraft.peer.PeerTransportOptions;
import io.vertxraft.peer.SnapshotStreamContract;
import java.util.function.Consumer;

/** The stream that is there only while snapshots are fetched. */
class SocketSnapshotStreamTest extends SnapshotStreamContract {

  @Override
  protected PeerTransport transport(Consumer<PeerTransportOptions<?>> settings) {
    return Sockets.transport(vertx, settings);
  }

  @Override
  protected Class<?> logger() {
    return SocketTransport.class;
  }
}
