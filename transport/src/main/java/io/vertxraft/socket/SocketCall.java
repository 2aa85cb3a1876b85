package io.vertxraft.socket;

import io.netty.buffer.ByteBuf;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertxraft.peer.CallLife;
import io.vertxraft.peer.Dialer;
import io.vertxraft.peer.FrameReader;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.PeerCertificate;
import io.vertxraft.peer.PeerTransportOptions;
import io.vertxraft.peer.Reasons;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.spi.GroupIdentity;
import io.vertxraft.spi.PeerAddress;

/**
 * One connection to a peer: connects, names itself, verifies who answers, and from then on watches
 * that the peer is there. Ends once, for whatever reason, and is not used again. Confined to the
 * context it is started on.
 */
final class SocketCall implements Inflow.Sink, CallLife.Call {
  private final PeerTransportOptions<?> options;
  private final GroupIdentity self;
  private final PeerAddress peer;
  private final StreamKind kind;
  private final FrameReader reader;
  private final FrameParser parser;
  private final Dialer.Listener listener;
  private final CallLife life;
  private NetSocketInternal socket;
  private Inflow inflow;

  SocketCall(
      Vertx vertx,
      PeerTransportOptions<?> options,
      GroupIdentity self,
      PeerAddress peer,
      StreamKind kind,
      FrameReader reader,
      Dialer.Listener listener) {
    this.options = options;
    this.self = self;
    this.peer = peer;
    this.kind = kind;
    this.reader = reader;
    this.parser = new FrameParser(reader);
    this.listener = listener;
    this.life = new CallLife(vertx, options, this);
  }

  void start(NetClient client) {
    life.begin();
    try {
      client
          .connect(peer.port(), peer.host())
          .onComplete(this::connected, e -> life.end(Reasons.of(e)));
    } catch (IllegalStateException e) {
      // Vert.x is being closed, and has closed the client first.
      life.end(Reasons.of(e));
    }
  }

  private void connected(NetSocket opened) {
    if (life.hasEnded()) {
      opened.close();
      return;
    }
    socket = (NetSocketInternal) opened;
    inflow = new Inflow(socket.channelHandlerContext().alloc(), options.getMessageBytesMax(), this);
    socket.messageHandler(inflow::read);
    socket.closeHandler(v -> life.end("the connection was closed"));
    socket.exceptionHandler(e -> life.end(Reasons.of(e)));
    MultiMap greeting = MultiMap.caseInsensitiveMultiMap();
    Handshake.putRequest(greeting, self, peer.nodeId());
    socket.writeMessage(Greeting.encode(greeting.set(Greeting.STREAM, kind.name())));
  }

  @Override
  public void greeted(MultiMap answer) {
    String status = answer.get(Greeting.STATUS);
    if (status != null) {
      // One that is not ready yet says so with UNAVAILABLE, as any failed connection does.
      Dialer.Ending ending =
          switch (status) {
            case "UNAVAILABLE" -> Dialer.Ending.BROKEN;
            // The other kinds are as old as the protocol: who does not know them is no peer.
            case "UNIMPLEMENTED" ->
                kind.onDemand() ? Dialer.Ending.UNKNOWN_KIND : Dialer.Ending.REFUSED;
            default -> Dialer.Ending.REFUSED;
          };
      life.end("it refused: %s, %s".formatted(status, answer.get(Greeting.MESSAGE)), ending);
      return;
    }
    String mismatch = Handshake.checkResponse(answer, self.clusterId(), peer.nodeId());
    if (mismatch == null && options.isTls()) {
      mismatch =
          PeerCertificate.mismatch(socket::peerCertificates, self.clusterId(), peer.nodeId());
    }
    if (mismatch != null) {
      life.end(mismatch, Dialer.Ending.REFUSED);
      return;
    }
    life.established(() -> listener.opened(new SocketOutlet(socket)));
  }

  @Override
  public void frame(ByteBuf in, int length) {
    life.heard();
    if (in.getByte(in.readerIndex()) != FrameType.PONG) {
      parser.read(in, length);
    }
  }

  @Override
  public void tooLarge() {
    reader.tooLarge();
  }

  @Override
  public void broken(String why) {
    life.end(why, Dialer.Ending.REFUSED);
  }

  @Override
  public void ping() {
    SocketOutlet.writeEmpty(socket, FrameType.PING);
  }

  /** Ends the call without telling the listener. */
  void close() {
    life.close();
  }

  @Override
  public void ended(String reason, Dialer.Ending ending) {
    listener.ended(reason, ending);
  }

  @Override
  public void release() {
    if (socket != null) {
      inflow.close();
      SocketOutlet.abort(socket);
    }
  }
}
