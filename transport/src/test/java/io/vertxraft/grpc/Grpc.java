package io.vertxraft.grpc;

import io.vertx.core.Vertx;
import io.vertxraft.peer.PeerTransport;
import io.vertxraft.peer.PeerTransportOptions;
import java.util.function.Consumer;

/** Makes gRPC transports for tests of every transport. */
final class Grpc {
  private Grpc() {}

  static PeerTransport transport(Vertx vertx, Consumer<PeerTransportOptions<?>> settings) {
    GrpcTransportOptions options = new GrpcTransportOptions();
    settings.accept(options);
    return GrpcTransport.create(vertx, options);
  }
}
