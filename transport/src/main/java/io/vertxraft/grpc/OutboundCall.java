package io.vertxraft.grpc;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.streams.WriteStream;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.ServiceMethod;
import io.vertxraft.peer.CallLife;
import io.vertxraft.peer.Dialer.Ending;
import io.vertxraft.peer.Reasons;
import io.vertxraft.spi.PeerAddress;
import java.util.List;

/**
 * One connection to a member with one stream on it: connects, names itself, verifies who answers,
 * and from then on watches that the peer is there. Ends once, for whatever reason, and is not used
 * again. Confined to the context it is started on.
 */
final class OutboundCall implements CallLife.Call {
  /** How Netty begins to say that the other end speaks something else, in the clear and by TLS. */
  private static final List<String> NOT_HTTP =
      List.of("First received frame was not SETTINGS", "invalid version format");

  private static final Buffer PING = Buffer.buffer(new byte[8]);

  private final GrpcClient client;
  private final PeerAddress peer;
  private final Dialogue dialogue;
  private final Listener listener;
  private final CallLife life;
  private GrpcClientRequest<Buffer, Buffer> request;

  /** What is said on the stream, and to whom. */
  interface Dialogue {
    /** The stream to open. */
    ServiceMethod<Buffer, Buffer> method();

    /** What the caller says about itself. */
    void introduce(MultiMap headers);

    /**
     * Whether the one that answers is the one looked for.
     *
     * @return null if it is, else what is wrong
     */
    String mismatch(MultiMap headers, HttpConnection connection);

    /** What it means that the peer does not know the stream. */
    Ending whenUnknown();

    /** Takes a message. */
    void read(GrpcMessage message);

    /** Hears of a message that was larger than accepted, and was skipped. */
    void tooLarge();
  }

  /** Told what becomes of the call, on its context. */
  interface Listener {
    /** The peer is the one looked for; the stream may be written to. */
    void opened(WriteStream<Buffer> stream);

    /** The call is over. */
    void ended(String reason, Ending ending);
  }

  OutboundCall(
      Vertx vertx,
      GrpcClient client,
      GrpcTransportOptions options,
      PeerAddress peer,
      Dialogue dialogue,
      Listener listener) {
    this.client = client;
    this.peer = peer;
    this.dialogue = dialogue;
    this.listener = listener;
    this.life = new CallLife(vertx, options, this);
  }

  void start() {
    life.begin();
    try {
      client
          .request(SocketAddress.inetSocketAddress(peer.port(), peer.host()), dialogue.method())
          .onComplete(this::connected, this::failed);
    } catch (IllegalStateException e) {
      // Vert.x is being closed, and has closed the client first.
      life.end(Reasons.of(e));
    }
  }

  private void failed(Throwable e) {
    String reason = Reasons.of(e);
    if (NOT_HTTP.stream().anyMatch(reason::startsWith)) {
      life.end(
          "it does not speak HTTP/2, as with the socket transport: all members need the same"
              + " transport, and clients need gRPC",
          Ending.REFUSED);
    } else {
      life.end(reason);
    }
  }

  private void connected(GrpcClientRequest<Buffer, Buffer> opened) {
    HttpConnection connection = opened.connection();
    if (life.hasEnded()) {
      connection.close();
      return;
    }
    request = opened;
    connection.closeHandler(v -> life.end("the connection was closed"));
    opened.exceptionHandler(this::failed);
    dialogue.introduce(opened.headers());
    opened.response().onComplete(this::answered, this::failed);
    // An empty frame: gRPC sends the metadata along with the first message.
    opened.write(Buffer.buffer());
  }

  private void answered(GrpcClientResponse<Buffer, Buffer> response) {
    if (life.hasEnded()) {
      return;
    }
    if (response.status() != null) {
      // One that is not ready yet says so with UNAVAILABLE, as any failed connection does.
      Ending ending =
          switch (response.status()) {
            case UNAVAILABLE -> Ending.BROKEN;
            case UNIMPLEMENTED -> dialogue.whenUnknown();
            default -> Ending.REFUSED;
          };
      life.end(
          "it refused: %s, %s".formatted(response.status().name(), response.statusMessage()),
          ending);
      return;
    }
    String mismatch = dialogue.mismatch(response.headers(), request.connection());
    if (mismatch != null) {
      life.end(mismatch, Ending.REFUSED);
      return;
    }
    response.invalidMessageHandler(e -> dialogue.tooLarge());
    response.messageHandler(
        frame -> {
          life.heard();
          dialogue.read(frame);
        });
    response.exceptionHandler(this::failed);
    response.errorHandler(e -> life.end("the stream was reset: " + e));
    response.endHandler(v -> life.end("it ended the stream: " + response.status().name()));
    life.established(() -> listener.opened(request));
  }

  @Override
  public void ping() {
    request.connection().ping(PING).onSuccess(pong -> life.heard());
  }

  /** Ends the call without telling the listener. */
  void close() {
    life.close();
  }

  @Override
  public void ended(String reason, Ending ending) {
    listener.ended(reason, ending);
  }

  @Override
  public void release() {
    if (request != null) {
      request.connection().close();
    }
  }
}
