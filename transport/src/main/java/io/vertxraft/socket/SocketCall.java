package io.vertxraft.socket;

import io.netty.buffer.ByteBuf;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
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
final class SocketCall implements Inflow.Sink {
  /** Pings per idle timeout: two may get lost in a long pause without harm. */
  private static final int PINGS_PER_TIMEOUT = 3;

  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final PeerTransportOptions<?> options;
  private final GroupIdentity self;
  private final PeerAddress peer;
  private final StreamKind kind;
  private final FrameReader reader;
  private final FrameParser parser;
  private final Dialer.Listener listener;
  private long handshakeTimer = NO_TIMER;
  private long pingTimer = NO_TIMER;
  private int unansweredPings;
  private NetSocketInternal socket;
  private Inflow inflow;
  private boolean ended;

  SocketCall(
      Vertx vertx,
      PeerTransportOptions<?> options,
      GroupIdentity self,
      PeerAddress peer,
      StreamKind kind,
      FrameReader reader,
      Dialer.Listener listener) {
    this.vertx = vertx;
    this.options = options;
    this.self = self;
    this.peer = peer;
    this.kind = kind;
    this.reader = reader;
    this.parser = new FrameParser(reader);
    this.listener = listener;
  }

  void start(NetClient client) {
    handshakeTimer =
        vertx.setTimer(
            options.getConnectTimeoutMs(),
            id -> end("no answer within connectTimeoutMs " + options.getConnectTimeoutMs()));
    try {
      client.connect(peer.port(), peer.host()).onComplete(this::connected, e -> end(Reasons.of(e)));
    } catch (IllegalStateException e) {
      // Vert.x is being closed, and has closed the client first.
      end(Reasons.of(e));
    }
  }

  private void connected(NetSocket opened) {
    if (ended) {
      opened.close();
      return;
    }
    socket = (NetSocketInternal) opened;
    inflow = new Inflow(socket.channelHandlerContext().alloc(), options.getMessageBytesMax(), this);
    socket.messageHandler(inflow::read);
    socket.closeHandler(v -> end("the connection was closed"));
    socket.exceptionHandler(e -> end(Reasons.of(e)));
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
      end("it refused: %s, %s".formatted(status, answer.get(Greeting.MESSAGE)), ending);
      return;
    }
    String mismatch = Handshake.checkResponse(answer, self.clusterId(), peer.nodeId());
    if (mismatch == null && options.isTls()) {
      mismatch =
          PeerCertificate.mismatch(socket::peerCertificates, self.clusterId(), peer.nodeId());
    }
    if (mismatch != null) {
      end(mismatch, Dialer.Ending.REFUSED);
      return;
    }
    schedulePing();
    listener.opened(new SocketOutlet(socket));
    // Last: should anything above fail, the call still ends in time and is tried anew.
    vertx.cancelTimer(handshakeTimer);
  }

  @Override
  public void frame(ByteBuf in, int length) {
    unansweredPings = 0;
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
    end(why, Dialer.Ending.REFUSED);
  }

  // Counted in pings, not in time, and never several at once: when this process itself was paused,
  // the answers that wait for it are read before the next ping is due.
  private void schedulePing() {
    long intervalMs = Math.max(1, options.getPeerIdleTimeoutMs() / PINGS_PER_TIMEOUT);
    pingTimer = vertx.setTimer(intervalMs, id -> ping());
  }

  private void ping() {
    if (unansweredPings >= PINGS_PER_TIMEOUT) {
      end(
          "nothing heard for peerIdleTimeoutMs %d, not even answers to pings"
              .formatted(options.getPeerIdleTimeoutMs()));
      return;
    }
    unansweredPings++;
    SocketOutlet.writeEmpty(socket, FrameType.PING);
    schedulePing();
  }

  /** Ends the call without telling the listener. */
  void close() {
    if (!ended) {
      ended = true;
      release();
    }
  }

  private void end(String reason) {
    end(reason, Dialer.Ending.BROKEN);
  }

  private void end(String reason, Dialer.Ending ending) {
    if (!ended) {
      ended = true;
      release();
      listener.ended(reason, ending);
    }
  }

  private void release() {
    vertx.cancelTimer(handshakeTimer);
    vertx.cancelTimer(pingTimer);
    if (socket != null) {
      inflow.close();
      SocketOutlet.abort(socket);
    }
  }
}
