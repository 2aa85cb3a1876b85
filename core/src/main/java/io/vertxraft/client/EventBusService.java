package io.vertxraft.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertxraft.RaftNode;
import io.vertxraft.RaftService;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;

/** Answers clients on the event bus for one member. */
public final class EventBusService implements RaftService {
  private final RaftNode node;
  private final MessageConsumer<Buffer> shared;
  private final MessageConsumer<Buffer> own;

  private EventBusService(Vertx vertx, RaftNode node, String clusterId, String groupId) {
    this.node = node;
    this.shared = vertx.eventBus().consumer(EventBusWire.address(clusterId, groupId), this::handle);
    this.own =
        vertx
            .eventBus()
            .consumer(EventBusWire.address(clusterId, groupId, node.nodeId()), this::handle);
  }

  /** Registers a member; completes when it can be reached. */
  public static Future<RaftService> register(
      Vertx vertx, RaftNode node, String clusterId, String groupId) {
    EventBusService service = new EventBusService(vertx, node, clusterId, groupId);
    return Future.all(service.shared.completion(), service.own.completion()).map(service);
  }

  private void handle(Message<Buffer> message) {
    ClientRequest request;
    try {
      request = EventBusWire.request(message.headers(), message.body());
    } catch (IllegalArgumentException e) {
      answer(message, Replies.failed(null, e));
      return;
    }
    node.serve(request).onSuccess(reply -> answer(message, reply));
  }

  private static void answer(Message<Buffer> message, ClientReply reply) {
    message.reply(reply.body(), new DeliveryOptions().setHeaders(EventBusWire.headers(reply)));
  }

  @Override
  public Future<Void> unregister() {
    return Future.all(shared.unregister(), own.unregister()).mapEmpty();
  }
}
