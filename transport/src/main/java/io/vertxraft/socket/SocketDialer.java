package io.vertxraft.socket;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertxraft.peer.Dialer;
import io.vertxraft.peer.FrameReader;
import io.vertxraft.peer.Outlet;
import io.vertxraft.peer.PeerTransportOptions;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;

/** Makes connections of one kind to one peer. */
final class SocketDialer implements Dialer {
  private final Vertx vertx;
  private final NetClientOptions netOptions;
  private final PeerTransportOptions<?> options;
  private final GroupIdentity self;
  private final PeerAddress peer;
  private final StreamKind kind;
  private NetClient client;
  private SocketCall call;

  SocketDialer(
      Vertx vertx,
      NetClientOptions netOptions,
      PeerTransportOptions<?> options,
      GroupIdentity self,
      PeerAddress peer,
      StreamKind kind) {
    this.vertx = vertx;
    this.netOptions = netOptions;
    this.options = options;
    this.self = self;
    this.peer = peer;
    this.kind = kind;
  }

  @Override
  public void dial(FrameReader reader, Listener listener) {
    if (client == null) {
      client = vertx.createNetClient(netOptions);
    }
    call =
        new SocketCall(
            vertx,
            options,
            self,
            peer,
            kind,
            reader,
            new Listener() {
              @Override
              public void opened(Outlet outlet) {
                listener.opened(outlet);
              }

              @Override
              public void ended(String reason, Ending ending) {
                call = null;
                listener.ended(reason, ending);
              }
            });
    call.start(client);
  }

  @Override
  public Future<Void> hangUp() {
    if (call != null) {
      call.close();
      call = null;
    }
    Future<Void> hungUp = client == null ? Future.succeededFuture() : client.close();
    client = null;
    return hungUp;
  }
}
