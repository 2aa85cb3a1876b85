package io.vertxraft.grpc;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.streams.WriteStream;
import io.vertx.grpc.client.GrpcClient;
import io.vertxraft.peer.Dialer;
import io.vertxraft.peer.FrameReader;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;

/** Opens gRPC streams of one kind to one peer. */
final class GrpcDialer implements Dialer {
  private final ContextInternal context;
  private final HttpLayer http;
  private final GrpcTransportOptions options;
  private final GroupIdentity self;
  private final PeerAddress peer;
  private final StreamKind kind;
  private GrpcClient client;
  private OutboundCall call;

  GrpcDialer(
      ContextInternal context,
      HttpLayer http,
      GrpcTransportOptions options,
      GroupIdentity self,
      PeerAddress peer,
      StreamKind kind) {
    this.context = context;
    this.http = http;
    this.options = options;
    this.self = self;
    this.peer = peer;
    this.kind = kind;
  }

  @Override
  public void dial(FrameReader reader, Listener listener) {
    if (client == null) {
      client = http.createClient();
    }
    call =
        new OutboundCall(
            context.owner(),
            client,
            options,
            peer,
            new PeerDialogue(self, peer.nodeId(), options.isTls(), kind, reader),
            new OutboundCall.Listener() {
              @Override
              public void opened(WriteStream<Buffer> stream) {
                listener.opened(new GrpcOutlet(stream));
              }

              @Override
              public void ended(String reason, Ending ending) {
                call = null;
                listener.ended(reason, ending);
              }
            });
    call.start();
  }

  @Override
  public Future<Void> hangUp() {
    if (call != null) {
      call.close();
      call = null;
    }
    // The client too: a connection that was accepted and never answered would keep its pool's only
    // place for ever, and each retry would queue behind it.
    Future<Void> hungUp = client == null ? context.succeededFuture() : client.close();
    client = null;
    return hungUp;
  }
}
