package io.vertxraft.peer;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;

/** What tells transports apart: how they connect, and what they write. */
public interface WireProtocol {
  /**
   * What connects to a peer.
   *
   * @param context where all of it happens
   * @param self who calls
   */
  Dialer dialer(ContextInternal context, GroupIdentity self, PeerAddress peer, StreamKind kind);

  /** What peers connect to, once it listens. */
  Listening listening(ContextInternal context, InboundStreams streams);

  /** A port that peers connect to. Confined to its context. */
  interface Listening {
    /** Starts to listen; fails with the cause if it cannot. */
    Future<Void> listen(String host, int port);

    /** Stops to listen and closes the peers' connections. */
    Future<Void> close();
  }
}
