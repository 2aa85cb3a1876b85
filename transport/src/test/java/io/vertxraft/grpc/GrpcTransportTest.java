package io.vertxraft.grpc;

import io.vertxraft.peer.PeerTransport;
import io.vertxraft.peer.PeerTransportOptions;
import io.vertxraft.peer.TransportContract;
import java.util.function.Consumer;

class GrpcTransportTest extends TransportContract {
  @Override
  protected PeerTransport transport(Consumer<PeerTransportOptions<?>> settings) {
    return Grpc.transport(vertx, settings);
  }

  @Override
  protected Class<?> logger() {
    return GrpcTransport.class;
  }
}
