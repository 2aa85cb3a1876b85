package io.vertxraft.socket;

import io.netty.buffer.ByteBuf;
import io.vertx.core.MultiMap;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.InboundStreams;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.peer.TransportParts;
import java.util.Arrays;

/** A connection at the listener's side. Confined to the listening port's context. */
final class SocketVisit implements Inflow.Sink {
  private final NetSocketInternal socket;
  private final TransportParts parts;
  private final InboundStreams streams;
  private final Inflow inflow;
  private InboundStreams.Inbound inbound;
  private FrameParser parser;

  SocketVisit(NetSocketInternal socket, TransportParts parts, InboundStreams streams) {
    this.socket = socket;
    this.parts = parts;
    this.streams = streams;
    this.inflow =
        new Inflow(
            socket.channelHandlerContext().alloc(), parts.options().getMessageBytesMax(), this);
  }

  /**
   * Begins to read.
   *
   * @param whenOver called once, when the connection is closed
   */
  void start(Runnable whenOver) {
    socket.messageHandler(inflow::read);
    socket.exceptionHandler(e -> abort());
    socket.closeHandler(
        v -> {
          over();
          whenOver.run();
        });
  }

  private void over() {
    inflow.close();
    if (inbound != null) {
      inbound.forget();
    }
  }

  @Override
  public void greeted(MultiMap hello) {
    StreamKind kind = kind(hello.get(Greeting.STREAM));
    Handshake.Refusal refusal = streams.check(hello, socket::peerCertificates);
    if (refusal == null && kind == null) {
      refusal =
          new Handshake.Refusal(
              Handshake.Status.UNIMPLEMENTED, "no such stream is known here: use one version");
    }
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    inbound = streams.accept(hello.get(Handshake.FROM), kind);
    parser = new FrameParser(inbound.reader());
    MultiMap answer = MultiMap.caseInsensitiveMultiMap();
    Handshake.putResponse(answer, streams.self());
    socket.writeMessage(Greeting.encode(answer));
    inbound.open(new SocketOutlet(socket), socket.remoteAddress(), why -> abort());
  }

  private static StreamKind kind(String name) {
    return Arrays.stream(StreamKind.values())
        .filter(kind -> kind.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private void refuse(Handshake.Refusal refusal) {
    streams.refused(refusal, socket.remoteAddress());
    inflow.close();
    socket.writeMessage(Greeting.encode(Greeting.refusal(refusal))).onComplete(written -> abort());
  }

  @Override
  public void frame(ByteBuf in, int length) {
    if (in.getByte(in.readerIndex()) == FrameType.PING) {
      SocketOutlet.writeEmpty(socket, FrameType.PONG);
    } else {
      parser.read(in, length);
    }
  }

  @Override
  public void tooLarge() {
    inbound.reader().tooLarge();
  }

  @Override
  public void broken(String why) {
    if (inbound == null) {
      // Said in the same form, so that a member with another transport has something to show.
      refuse(new Handshake.Refusal(Handshake.Status.UNAUTHENTICATED, why));
    } else {
      parts.counters().droppedMalformed.increment();
      parts
          .log()
          .warn(
              "broken from " + socket.remoteAddress().host(),
              () ->
                  "'%s' hangs up on %s: %s".formatted(streams.self(), socket.remoteAddress(), why));
      abort();
    }
  }

  /** Ends the connection at once. */
  void abort() {
    SocketOutlet.abort(socket);
  }
}
