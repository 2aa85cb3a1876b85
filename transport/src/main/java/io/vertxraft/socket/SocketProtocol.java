package io.vertxraft.socket;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertxraft.peer.Dialer;
import io.vertxraft.peer.InboundStreams;
import io.vertxraft.peer.PeerTransportOptions;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.peer.TransportParts;
import io.vertxraft.peer.WireProtocol;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;
import java.util.concurrent.TimeUnit;

/** How members speak to each other over plain sockets. */
record SocketProtocol(TransportParts parts) implements WireProtocol {
  /** Pings keep a live connection well within this multiple of the peers' idle timeout. */
  private static final int LISTENER_IDLE_TIMEOUTS = 3;

  @Override
  public Dialer dialer(
      ContextInternal context, GroupIdentity self, PeerAddress peer, StreamKind kind) {
    PeerTransportOptions<?> options = parts.options();
    return new SocketDialer(context.owner(), clientOptions(options), options, self, peer, kind);
  }

  @Override
  public Listening listening(ContextInternal context, InboundStreams streams) {
    return new SocketListener(context, serverOptions(parts.options()), parts, streams);
  }

  private static NetClientOptions clientOptions(PeerTransportOptions<?> options) {
    NetClientOptions net =
        new NetClientOptions().setConnectTimeout(options.getConnectTimeoutMs()).setTcpNoDelay(true);
    if (options.isTls()) {
      // The certificate is checked against the node id, not against the host name it runs on.
      net.setSsl(true)
          .setHostnameVerificationAlgorithm("")
          .setSslHandshakeTimeout(options.getConnectTimeoutMs())
          .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
          .setKeyCertOptions(options.getKeyCertOptions())
          .setTrustOptions(options.getTrustOptions());
    }
    return net;
  }

  private static NetServerOptions serverOptions(PeerTransportOptions<?> options) {
    NetServerOptions net =
        new NetServerOptions()
            // Whoever connects and says nothing, and whoever died silently, is not kept for ever.
            .setReadIdleTimeout((int) (options.getPeerIdleTimeoutMs() * LISTENER_IDLE_TIMEOUTS))
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setTcpNoDelay(true);
    if (options.isTls()) {
      net.setSsl(true)
          .setClientAuth(ClientAuth.REQUIRED)
          .setKeyCertOptions(options.getKeyCertOptions())
          .setTrustOptions(options.getTrustOptions());
    }
    return net;
  }
}
