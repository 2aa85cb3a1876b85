package io.vertxraft.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertxraft.RaftException.Rejected;
import io.vertxraft.RaftException.Unknown;
import io.vertxraft.spi.ClientChannel;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;

/** Reaches the members of a group over the event bus. */
public final class EventBusChannel implements ClientChannel {
  private final Vertx vertx;
  private final String clusterId;
  private final String groupId;

  /** A channel to the members that are registered on {@code vertx}'s event bus. */
  public EventBusChannel(Vertx vertx, String clusterId, String groupId) {
    this.vertx = vertx;
    this.clusterId = clusterId;
    this.groupId = groupId;
  }

  @Override
  public Future<ClientReply> send(String nodeId, ClientRequest request, long timeoutMs) {
    String address =
        nodeId == null
            ? EventBusWire.address(clusterId, groupId)
            : EventBusWire.address(clusterId, groupId, nodeId);
    DeliveryOptions delivery =
        new DeliveryOptions()
            .setHeaders(EventBusWire.headers(request))
            .setSendTimeout(Math.max(1, timeoutMs));
    return vertx
        .eventBus()
        .<Buffer>request(address, request.body(), delivery)
        .transform(
            done ->
                done.succeeded()
                    ? read(done.result())
                    : Future.failedFuture(failure(address, done.cause())));
  }

  private static Future<ClientReply> read(Message<Buffer> message) {
    try {
      return Future.succeededFuture(EventBusWire.reply(message.headers(), message.body()));
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(
          new Unknown(
              Unknown.Reason.FORWARD_LOST, "the answer makes no sense: " + e.getMessage(), null));
    }
  }

  private static Throwable failure(String address, Throwable cause) {
    boolean nobody =
        cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    return nobody
        ? new Rejected(
            Rejected.Reason.NOT_LEADER,
            "nobody listens at '" + address + "': is a member registered there?",
            null)
        : new Unknown(
            Unknown.Reason.FORWARD_LOST,
            "no answer from '" + address + "': " + cause.getMessage(),
            null);
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
