package io.vertxraft.grpc;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.InboundStreams;
import io.vertxraft.peer.Reasons;
import io.vertxraft.peer.StreamKind;
import io.vertxraft.peer.TransportParts;
import io.vertxraft.peer.WireProtocol;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The port on which peers open gRPC streams to this node, and clients if they are let in. */
final class PeerServer implements WireProtocol.Listening {
  private static final Logger LOGGER = System.getLogger(PeerServer.class.getName());

  private static final String GRPC_ENCODING = "grpc-encoding";
  private static final String IDENTITY = "identity";

  private final ContextInternal context;
  private final HttpLayer http;
  private final GrpcTransportOptions options;
  private final TransportParts parts;
  private final InboundStreams streams;
  private HttpServer server;

  /** What the gRPC layer is being given right now. */
  private HttpServerRequest arriving;

  PeerServer(
      ContextInternal context,
      HttpLayer http,
      GrpcTransportOptions options,
      TransportParts parts,
      InboundStreams streams) {
    this.context = context;
    this.http = http;
    this.options = options;
    this.parts = parts;
    this.streams = streams;
  }

  @Override
  public Future<Void> listen(String host, int port) {
    GrpcServer grpc = http.grpcServer();
    for (StreamKind kind : StreamKind.values()) {
      grpc.callHandler(PeerMethod.server(kind), request -> open(kind, request));
    }
    if (options.isServeClients()) {
      new ClientService(context, streams.self(), options, parts)
          .register(grpc, () -> arriving, this::refuse);
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
    context.exceptionHandler(streams::unexpected);
    server.exceptionHandler(
        e ->
            LOGGER.log(
                Level.DEBUG,
                () -> "%s: bad connection: %s".formatted(streams.self(), Reasons.of(e))));
    return server.listen(port, host).mapEmpty();
  }

  @Override
  public Future<Void> close() {
    return server == null ? context.succeededFuture() : server.close();
  }

  private void open(StreamKind kind, GrpcServerRequest<Buffer, Buffer> request) {
    Handshake.Refusal refusal =
        streams.check(request.headers(), request.connection()::peerCertificates);
    if (refusal != null) {
      refuse(request, refusal);
      return;
    }
    GrpcServerResponse<Buffer, Buffer> response = request.response();
    InboundStreams.Inbound inbound = streams.accept(request.headers().get(Handshake.FROM), kind);
    request.invalidMessageHandler(e -> inbound.reader().tooLarge());
    request.messageHandler(message -> PeerMethod.read(message, inbound.reader()));
    request.exceptionHandler(e -> fail(request, inbound));
    request.errorHandler(e -> fail(request, inbound));
    request.endHandler(
        v -> {
          inbound.forget();
          end(request, GrpcStatus.OK, null);
        });
    response.exceptionHandler(e -> fail(request, inbound));
    request.connection().closeHandler(v -> inbound.forget());
    Handshake.putResponse(response.headers(), streams.self());
    // At once: the opener waits for it before it sends anything.
    response.writeHead();
    inbound.open(
        new GrpcOutlet(response),
        request.connection().remoteAddress(),
        why -> end(request, GrpcStatus.ABORTED, why));
  }

  /**
   * Gives up a stream that has failed. Its connection goes too, because it carries nothing else and
   * the peer connects anew only when it hears that the stream is over.
   */
  private static void fail(
      GrpcServerRequest<Buffer, Buffer> request, InboundStreams.Inbound inbound) {
    inbound.forget();
    request.connection().close();
  }

  private void refuse(GrpcServerRequest<Buffer, Buffer> request, Handshake.Refusal refusal) {
    // Else a frame that is too large would end the stream a second time.
    request.invalidMessageHandler(ignored -> parts.counters().droppedMalformed.increment());
    streams.refused(refusal, request.connection().remoteAddress());
    end(request.response(), GrpcStatus.valueOf(refusal.status().name()), refusal.message());
  }

  private static void end(
      GrpcServerRequest<Buffer, Buffer> request, GrpcStatus status, String message) {
    if (request.response().writeQueueFull()) {
      // The end would queue behind what the peer does not read, and fail there with the connection.
      request.connection().close();
    } else {
      end(request.response(), status, message);
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
