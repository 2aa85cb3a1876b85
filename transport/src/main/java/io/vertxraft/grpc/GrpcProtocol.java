package io.vertxraft.grpc;

import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertxraft.peer.Dialer;
import io.vertxraft.peer.InboundStreams;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.peer.TransportParts;
import io.vertxraft.peer.WireProtocol;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;

/** How members speak gRPC to each other. */
record GrpcProtocol(Vertx vertx, GrpcTransportOptions options, TransportParts parts)
    implements WireProtocol {
  @Override
  public Dialer dialer(
      ContextInternal context, GroupIdentity self, PeerAddress peer, StreamKind kind) {
    return new GrpcDialer(context, new HttpLayer(vertx, options), options, self, peer, kind);
  }

  @Override
  public Listening listening(ContextInternal context, InboundStreams streams) {
    return new PeerServer(context, new HttpLayer(vertx, options), options, parts, streams);
  }
}
