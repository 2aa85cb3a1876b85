package io.vertxraft.grpc;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;
import io.vertxraft.protocol.Message;
import io.vertxraft.spi.GroupIdentity;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The listening side: takes peers' streams, refuses strangers', and keeps for each peer and kind
 * the latest stream, whose response side carries the answers back.
 */
final class PeerServer {
  private static final Logger LOGGER = System.getLogger(PeerServer.class.getName());

  private static final String GRPC_ENCODING = "grpc-encoding";
  private static final String IDENTITY = "identity";

  private final ContextInternal context;
  private final HttpLayer http;
  private final GrpcTransportOptions options;
  private final GroupRegistry groups;
  private final TransportCounters counters;
  private final RateLimitedLog log;
  private final Bandwidth snapshotBandwidth;
  private final Map<StreamId, Inbound> streams = new ConcurrentHashMap<>();
  private HttpServer server;

  /** What the gRPC layer is being given right now. */
  private HttpServerRequest arriving;

  private record StreamId(String peerId, StreamKind kind) {}

  private record Inbound(
      HttpConnection connection, GrpcServerResponse<Buffer, Buffer> response, SendQueue replies) {}

  PeerServer(
      ContextInternal context,
      HttpLayer http,
      GrpcTransportOptions options,
      GroupRegistry groups,
      TransportCounters counters,
      RateLimitedLog log) {
    this.context = context;
    this.http = http;
    this.options = options;
    this.groups = groups;
    this.counters = counters;
    this.log = log;
    this.snapshotBandwidth =
        Bandwidth.of(
            options.getSnapshotBytesPerSecondMax(),
            Bandwidth.Timers.of(context.owner()),
            counters.snapshotRepliesDelayed);
  }

  /** Starts to listen; called on the server's context. */
  Future<Void> listen(GroupIdentity self, String host, int port) {
    GrpcServer grpc = http.grpcServer();
    for (StreamKind kind : StreamKind.values()) {
      grpc.callHandler(kind.serverMethod(), request -> open(self, kind, request));
    }
    if (options.isServeClients()) {
      new ClientService(context, self, options, groups, counters, log)
          .register(grpc, () -> arriving, (request, refusal) -> refuse(self, request, refusal));
    }
    server = context.owner().createHttpServer(http.serverOptions());
    server.requestHandler(
        request -> {
          if (!request.headers().contains(GRPC_ENCODING)) {
            // Vert.x 5.0.7 has no answer to a frame that says it is compressed without this header:
            // it throws, and keeps all that comes after it.
            request.headers().set(GRPC_ENCODING, IDENTITY);
          }
          arriving = request;
          grpc.handle(request);
          arriving = null;
        });
    context.exceptionHandler(this::unexpected);
    server.exceptionHandler(
        e ->
            LOGGER.log(Level.DEBUG, () -> "%s: bad connection: %s".formatted(self, Reasons.of(e))));
    return server
        .listen(port, host)
        .recover(
            e ->
                context.failedFuture(
                    new IllegalStateException(
                        "node '%s' cannot listen on %s:%d: %s"
                            .formatted(self.nodeId(), host, port, Reasons.of(e)),
                        e)))
        .mapEmpty();
  }

  /** Sends an answer back on the peer's stream, or drops it if the peer has none. Any thread. */
  void reply(String peerId, String groupId, Message message) {
    Inbound inbound = streams.get(new StreamId(peerId, StreamKind.of(message)));
    if (inbound == null) {
      counters.droppedDisconnected.increment();
    } else {
      inbound.replies.offer(groupId, message);
    }
  }

  Future<Void> close() {
    return server == null ? context.succeededFuture() : server.close();
  }

  private void open(
      GroupIdentity self, StreamKind kind, GrpcServerRequest<Buffer, Buffer> request) {
    Handshake.Refusal refusal = check(self, request);
    if (refusal != null) {
      refuse(self, request, refusal);
      return;
    }
    String peerId = request.headers().get(Handshake.FROM);
    GrpcServerResponse<Buffer, Buffer> response = request.response();
    StreamId id = new StreamId(peerId, kind);
    SendQueue replies =
        new SendQueue(
            context,
            SendQueue.Limits.of(options, kind),
            kind == StreamKind.SNAPSHOT ? snapshotBandwidth : Bandwidth.unlimited(),
            counters,
            log,
            kind + " replies to " + peerId);
    Inbound inbound = new Inbound(request.connection(), response, replies);
    FrameReader reader = new FrameReader(groups, counters, log, peerId, kind, false);
    request.invalidMessageHandler(reader::tooLarge);
    request.messageHandler(reader::read);
    request.exceptionHandler(e -> fail(id, inbound));
    request.errorHandler(e -> fail(id, inbound));
    request.endHandler(
        v -> {
          forget(id, inbound);
          end(inbound, GrpcStatus.OK, null);
        });
    response.exceptionHandler(e -> fail(id, inbound));
    request.connection().closeHandler(v -> forget(id, inbound));
    Handshake.putResponse(response.headers(), self);
    // At once: the opener waits for it before it sends anything.
    response.writeHead();
    replies.attach(response);
    Inbound previous = streams.put(id, inbound);
    if (previous != null) {
      // The peer has reconnected; it may not know yet that its earlier stream is gone.
      previous.replies.detach();
      log.warn(
          "replaced " + id,
          () ->
              "'%s' opened a new %s stream from %s while its earlier one was open: if this goes on,"
                      .formatted(peerId, kind, request.connection().remoteAddress())
                  + " two processes use this node id");
      end(previous, GrpcStatus.ABORTED, "replaced by a newer stream of the same node");
    }
    LOGGER.log(Level.DEBUG, () -> "%s: %s stream from '%s' is open".formatted(self, kind, peerId));
  }

  /** What no handler has taken care of; a stranger may be able to cause it at will. */
  private void unexpected(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    String at = trace.length == 0 ? "an unknown place" : trace[0].toString();
    log.warn("unexpected at " + at, () -> "unexpected on the peer port: %s at %s".formatted(e, at));
    LOGGER.log(Level.DEBUG, () -> "unexpected on the peer port", e);
  }

  private Handshake.Refusal check(GroupIdentity self, GrpcServerRequest<Buffer, Buffer> request) {
    Handshake.Refusal refusal = Handshake.checkRequest(request.headers(), self, groups);
    if (refusal == null && options.isTls()) {
      String mismatch =
          PeerCertificate.mismatch(
              request.connection(), self.clusterId(), request.headers().get(Handshake.FROM));
      if (mismatch != null) {
        return new Handshake.Refusal(GrpcStatus.UNAUTHENTICATED, mismatch);
      }
    }
    return refusal;
  }

  /**
   * Gives up a stream that has failed. Its connection goes too, because it carries nothing else and
   * the peer connects anew only when it hears that the stream is over.
   */
  private void fail(StreamId id, Inbound inbound) {
    forget(id, inbound);
    inbound.connection.close();
  }

  private void forget(StreamId id, Inbound inbound) {
    if (streams.remove(id, inbound)) {
      inbound.replies.detach();
    }
  }

  private void refuse(
      GroupIdentity self, GrpcServerRequest<Buffer, Buffer> request, Handshake.Refusal refusal) {
    counters.refusedStreams.increment();
    // Else a frame that is too large would end the stream a second time.
    request.invalidMessageHandler(ignored -> counters.droppedMalformed.increment());
    Supplier<String> text =
        () ->
            "'%s' refuses a stream from %s: %s"
                .formatted(self, request.connection().remoteAddress(), refusal.message());
    if (refusal.status() == GrpcStatus.UNAVAILABLE) {
      LOGGER.log(Level.DEBUG, text);
    } else {
      log.warn("refuse " + refusal.status(), text);
    }
    end(request.response(), refusal.status(), refusal.message());
  }

  private static void end(Inbound inbound, GrpcStatus status, String message) {
    if (inbound.response.writeQueueFull()) {
      // The end would queue behind what the peer does not read, and fail there with the connection.
      inbound.connection.close();
    } else {
      end(inbound.response, status, message);
    }
  }

  private static void end(
      GrpcServerResponse<Buffer, Buffer> response, GrpcStatus status, String message) {
    try {
      response.status(status).statusMessage(message).end();
    } catch (IllegalStateException e) {
      // The stream ended by itself in the meantime.
      LOGGER.log(Level.TRACE, () -> "a stream was over before it was ended", e);
    }
  }
}
