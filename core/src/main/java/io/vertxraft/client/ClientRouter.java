package io.vertxraft.client;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertxraft.spi.ClientChannel;
import io.vertxraft.spi.ClientReply;
import io.vertxraft.spi.ClientRequest;

/**
 * Sends requests to the member that led last, or to any while nobody knows who that is. Any member
 * will do; the leader saves a hop. Confined to the client's context.
 */
final class ClientRouter implements Link {
  private final ClientChannel channel;
  private String leaderId;

  ClientRouter(ClientChannel channel) {
    this.channel = channel;
  }

  @Override
  public Future<Buffer> execute(ClientRequest request) {
    Promise<Buffer> promise = Promise.promise();
    channel
        .send(leaderId, request, request.timeoutMs())
        .onComplete(answer -> answered(answer, promise));
    return promise.future();
  }

  private void answered(AsyncResult<ClientReply> answer, Promise<Buffer> promise) {
    if (answer.failed()) {
      // Whoever it was sent to may be gone.
      leaderId = null;
      promise.fail(answer.cause());
      return;
    }
    ClientReply reply = answer.result();
    leaderId = reply.leaderId();
    switch (reply.outcome()) {
      case OK -> promise.complete(reply.body());
      case FAILED -> promise.fail(new VertxException(reply.message(), true));
      case REJECTED, UNKNOWN -> promise.fail(Replies.failureOf(reply));
    }
  }
}
