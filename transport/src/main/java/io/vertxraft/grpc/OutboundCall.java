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
import io.vertxraft.peer.Dialer.Ending;
import io.vertxraft.peer.Reasons;
import io.vertxraft.spi.PeerAddress;
import java.util.List;

/**
 * One connection to a member with one stream on it: connects, names itself, verifies who answers,
 * and from then on watches that the peer is there. Ends once, for whatever reason, and is not used
 * again. Confined to the context it is started on.
 */
final class OutboundCall {
  /** Pings per idle timeout: two may get lost in a long pause without harm. */
  private static final int PINGS_PER_TIMEOUT = 3;

  /** How Netty begins to say that the other end speaks something else, in the clear and by TLS. */
  private static final List<String> NOT_HTTP =
      List.of("First received frame was not SETTINGS", "invalid version format");

  private static final Buffer PING = Buffer.buffer(new byte[8]);

  private final Vertx vertx;
  private final GrpcClient client;
  private final GrpcTransportOptions options;
  private final PeerAddress peer;
  private final Dialogue dialogue;
  private final Listener listener;
  private long handshakeTimer = -1;
  private long pingTimer = -1;
  private int unansweredPings;
  private GrpcClientRequest<Buffer, Buffer> request;
  private boolean ended;

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
    this.vertx = vertx;
    this.client = client;
    this.options = options;
    this.peer = peer;
    this.dialogue = dialogue;
    this.listener = listener;
  }

  void start() {
    handshakeTimer =
        vertx.setTimer(
            options.getConnectTimeoutMs(),
            id ->
                end(
                    "no answer within connectTimeoutMs " + options.getConnectTimeoutMs(),
                    Ending.BROKEN));
    try {
      client
          .request(SocketAddress.inetSocketAddress(peer.port(), peer.host()), dialogue.method())
          .onComplete(this::connected, this::failed);
    } catch (IllegalStateException e) {
      // Vert.x is being closed, and has closed the client first.
      end(Reasons.of(e), Ending.BROKEN);
    }
  }

  private void failed(Throwable e) {
    String reason = Reasons.of(e);
    if (NOT_HTTP.stream().anyMatch(reason::startsWith)) {
      end(
          "it does not speak HTTP/2, as with the socket transport: all members need the same"
              + " transport, and clients need gRPC",
          Ending.REFUSED);
    } else {
      end(reason, Ending.BROKEN);
    }
  }

  private void connected(GrpcClientRequest<Buffer, Buffer> opened) {
    HttpConnection connection = opened.connection();
    if (ended) {
      connection.close();
      return;
    }
    request = opened;
    connection.closeHandler(v -> end("the connection was closed", Ending.BROKEN));
    opened.exceptionHandler(this::failed);
    dialogue.introduce(opened.headers());
    opened.response().onComplete(this::answered, this::failed);
    // An empty frame: gRPC sends the metadata along with the first message.
    opened.write(Buffer.buffer());
  }

  private void answered(GrpcClientResponse<Buffer, Buffer> response) {
    if (ended) {
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
      end(
          "it refused: %s, %s".formatted(response.status().name(), response.statusMessage()),
          ending);
      return;
    }
    String mismatch = dialogue.mismatch(response.headers(), request.connection());
    if (mismatch != null) {
      end(mismatch, Ending.REFUSED);
      return;
    }
    response.invalidMessageHandler(e -> dialogue.tooLarge());
    response.messageHandler(
        frame -> {
          unansweredPings = 0;
          dialogue.read(frame);
        });
    response.exceptionHandler(this::failed);
    response.errorHandler(e -> end("the stream was reset: " + e, Ending.BROKEN));
    response.endHandler(
        v -> end("it ended the stream: " + response.status().name(), Ending.BROKEN));
    schedulePing();
    listener.opened(request);
    // Last: should anything above fail, the call still ends in time and is tried anew.
    vertx.cancelTimer(handshakeTimer);
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
              .formatted(options.getPeerIdleTimeoutMs()),
          Ending.BROKEN);
      return;
    }
    unansweredPings++;
    request.connection().ping(PING).onSuccess(pong -> unansweredPings = 0);
    schedulePing();
  }

  /** Ends the call without telling the listener. */
  void close() {
    if (!ended) {
      ended = true;
      release();
    }
  }

  private void end(String reason, Ending ending) {
    if (!ended) {
      ended = true;
      release();
      listener.ended(reason, ending);
    }
  }

  private void release() {
    vertx.cancelTimer(handshakeTimer);
    vertx.cancelTimer(pingTimer);
    if (request != null) {
      request.connection().close();
    }
  }
}
