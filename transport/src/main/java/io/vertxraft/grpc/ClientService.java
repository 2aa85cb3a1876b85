package io.vertxraft.grpc;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertxraft.grpc.proto.ClientCall;
import io.vertxraft.peer.GroupRegistry;
import io.vertxraft.peer.Handshake;
import io.vertxraft.peer.JoinedGroup;
import io.vertxraft.peer.ProtocolException;
import io.vertxraft.peer.RateLimitedLog;
import io.vertxraft.peer.Reasons;
import io.vertxraft.peer.TransportCounters;
import io.vertxraft.peer.TransportParts;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;
import io.vertxraft.spi.GroupIdentity;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Lets clients in that are no members: takes their streams, as many as are allowed, and passes
 * their calls on to the groups. Confined to the server's context.
 */
final class ClientService {
  private final ContextInternal context;
  private final GroupIdentity self;
  private final GrpcTransportOptions options;
  private final GroupRegistry groups;
  private final TransportCounters counters;
  private final RateLimitedLog log;
  private int streams;

  ClientService(
      ContextInternal context,
      GroupIdentity self,
      GrpcTransportOptions options,
      TransportParts parts) {
    this.context = context;
    this.self = self;
    this.options = options;
    this.groups = parts.groups();
    this.counters = parts.counters();
    this.log = parts.log();
  }

  /**
   * Adds the service to a server.
   *
   * @param arriving the request below a call that has just come
   * @param refuse tells a client why its stream is not taken
   */
  void register(
      GrpcServer server,
      Supplier<HttpServerRequest> arriving,
      BiConsumer<GrpcServerRequest<Buffer, Buffer>, Handshake.Refusal> refuse) {
    server.callHandler(
        ClientMethod.SERVER,
        request -> {
          int streamsMax = options.getClientLimits().getStreamsMax();
          if (streams < streamsMax) {
            open(arriving.get(), request);
          } else {
            refuse.accept(
                request,
                new Handshake.Refusal(
                    Handshake.Status.RESOURCE_EXHAUSTED,
                    "%d streams of clients are open already, clientLimits.streamsMax"
                        .formatted(streamsMax)));
          }
        });
  }

  private void open(HttpServerRequest below, GrpcServerRequest<Buffer, Buffer> request) {
    streams++;
    Handshake.putResponse(request.response().headers(), self);
    request
        .response()
        .headers()
        .set(Handshake.MESSAGE_BYTES_MAX, Integer.toString(options.getMessageBytesMax()));
    new ServedStream(context, this, options, below, request, () -> streams--).open();
  }

  /** Answers a call; does not throw, and the future does not fail. It completes on any thread. */
  Future<ClientReply> serve(ClientCall call) {
    if (!call.getClusterId().equals(self.clusterId())) {
      return refused(
          "the call is for cluster %s, this is node '%s' of cluster '%s'"
              .formatted(Handshake.shown(call.getClusterId()), self.nodeId(), self.clusterId()));
    }
    JoinedGroup group = groups.get(call.getGroupId());
    if (group == null) {
      return refused(
          "the call is for group %s, which is not joined by node '%s'"
              .formatted(Handshake.shown(call.getGroupId()), self.nodeId()));
    }
    ClientRequest request;
    try {
      request = ClientCodec.request(call);
    } catch (ProtocolException e) {
      malformed(e.getMessage());
      return refused(
          "node '%s' does not understand the call: %s".formatted(self.nodeId(), e.getMessage()));
    }
    counters.clientCalls.increment();
    try {
      return group.serve(request).otherwise(ClientService::broken);
    } catch (RuntimeException e) {
      return Future.succeededFuture(broken(e));
    }
  }

  private static Future<ClientReply> refused(String why) {
    return Future.succeededFuture(ClientReply.refused(why));
  }

  /** The receiver has broken its promise; what it has done before is not known. */
  private static ClientReply broken(Throwable e) {
    return new ClientReply(
        ClientReply.Outcome.UNKNOWN,
        "NODE_STOPPED",
        "the member has failed at the call: " + Reasons.of(e),
        null,
        0,
        0,
        Buffer.buffer());
  }

  /** A message that is no call, or none that is known here. */
  void malformed(String why) {
    counters.droppedMalformed.increment();
    log.warn("malformed client call", () -> "a client's call is not understood: " + why);
  }

  /** A message that was larger than accepted, and was skipped. */
  void tooLarge() {
    counters.droppedTooLarge.increment();
    log.warn(
        "size of client call",
        () ->
            "a client's call is larger than messageBytesMax %d and dropped"
                .formatted(options.getMessageBytesMax()));
  }
}
